/** The screens of the simulated phone: what each shows, and what a touch on it does. */
@NullMarked
package dev.steptrail.localcloud.phone.screen;

import org.jspecify.annotations.NullMarked;
