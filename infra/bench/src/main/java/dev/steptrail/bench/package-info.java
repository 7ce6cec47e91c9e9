/** Measures Steptrail beside its peers, in the same run. */
@NullMarked
package dev.steptrail.bench;

import org.jspecify.annotations.NullMarked;
