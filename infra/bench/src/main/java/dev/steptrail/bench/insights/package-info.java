/** How many planted problems the insights find. */
@NullMarked
package dev.steptrail.bench.insights;

import org.jspecify.annotations.NullMarked;
