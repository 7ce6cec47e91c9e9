/** Executes the actions of agents on a simulated phone. */
@NullMarked
package dev.steptrail.localcloud.phone;

import org.jspecify.annotations.NullMarked;
