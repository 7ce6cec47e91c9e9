/** The screens of the simulated phone: their content and the effects of touches. */
@NullMarked
package dev.steptrail.demophone.internal.screen;

import org.jspecify.annotations.NullMarked;
