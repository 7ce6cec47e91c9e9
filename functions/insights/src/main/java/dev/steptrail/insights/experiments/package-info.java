/** Estimates the pass rates of experiments and compares the cases of two experiments. No I/O. */
@NullMarked
package dev.steptrail.insights.experiments;

import org.jspecify.annotations.NullMarked;
