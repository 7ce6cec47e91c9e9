/** A shell that runs programs of the simulated phone. */
@NullMarked
package dev.steptrail.demophone.internal.shell;

import org.jspecify.annotations.NullMarked;
