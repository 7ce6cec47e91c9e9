/** The screens of the simulated phone: their content and the effects of touches. */
@NullMarked
package dev.steptrail.localcloud.phone.screen;

import org.jspecify.annotations.NullMarked;
