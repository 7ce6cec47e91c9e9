/** A simulated Android phone and a simulated model, for tests and demonstrations. */
@NullMarked
package dev.steptrail.demophone;

import org.jspecify.annotations.NullMarked;
