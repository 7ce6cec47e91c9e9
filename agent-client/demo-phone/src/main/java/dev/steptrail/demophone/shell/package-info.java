/** The shell of the simulated phone, and the programs of Android that it runs. */
@NullMarked
package dev.steptrail.demophone.shell;

import org.jspecify.annotations.NullMarked;
