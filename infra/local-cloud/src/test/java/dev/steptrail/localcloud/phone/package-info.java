/** The scripts of agent runs, which are played on a simulated phone. */
@NullMarked
package dev.steptrail.localcloud.phone;

import org.jspecify.annotations.NullMarked;
