/** Records as lines on standard input, from a program in any language. */
@NullMarked
package dev.steptrail.shipper.lines;

import org.jspecify.annotations.NullMarked;
