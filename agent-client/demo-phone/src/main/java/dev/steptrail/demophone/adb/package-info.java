/** How the simulated phone treats hosts that connect. */
@NullMarked
package dev.steptrail.demophone.adb;

import org.jspecify.annotations.NullMarked;
