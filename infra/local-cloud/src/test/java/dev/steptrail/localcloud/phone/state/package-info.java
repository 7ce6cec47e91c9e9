/** The state of the simulated phone, independent of its display. */
@NullMarked
package dev.steptrail.localcloud.phone.state;

import org.jspecify.annotations.NullMarked;
