/** The screens of the simulated phone: lists of elements, from which the picture, the UI tree and the touches come. */
@NullMarked
package dev.steptrail.demophone.internal.screen;

import org.jspecify.annotations.NullMarked;
