/**
 * A made-up history of runs in which it is known what is wrong, to measure by it what insights find. It knows nothing of the rules
 * that look for it.
 */
@NullMarked
package dev.steptrail.bench.insights;

import org.jspecify.annotations.NullMarked;
