/** Benchmarks. Each measures Steptrail and a baseline in the same run. */
@NullMarked
package dev.steptrail.bench;

import org.jspecify.annotations.NullMarked;
