/** A simulated phone with drawn screens, and the scripts of agent runs that are played on it. */
@NullMarked
package dev.steptrail.localcloud.phone;

import org.jspecify.annotations.NullMarked;
