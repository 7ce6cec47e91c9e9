/** What it takes to read among two million steps. */
@NullMarked
package dev.steptrail.bench.reads;

import org.jspecify.annotations.NullMarked;
