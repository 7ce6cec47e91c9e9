/** Draws shapes, text and icons into an image without any installed font. */
@NullMarked
package dev.steptrail.demophone.internal.draw;

import org.jspecify.annotations.NullMarked;
