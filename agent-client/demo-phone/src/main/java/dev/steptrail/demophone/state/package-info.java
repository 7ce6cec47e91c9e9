/** The state of the simulated phone, independent of its display. */
@NullMarked
package dev.steptrail.demophone.state;

import org.jspecify.annotations.NullMarked;
