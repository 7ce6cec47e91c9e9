/** What it takes to make a screenshot small. */
@NullMarked
package dev.steptrail.bench.webp;

import org.jspecify.annotations.NullMarked;
