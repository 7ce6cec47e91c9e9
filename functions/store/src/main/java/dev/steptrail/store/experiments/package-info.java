/** Reads the results of experiments. */
@NullMarked
package dev.steptrail.store.experiments;

import org.jspecify.annotations.NullMarked;
