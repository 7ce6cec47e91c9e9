/** Reads records as lines on standard input, from a program in any language. */
@NullMarked
package dev.steptrail.cli.lines;

import org.jspecify.annotations.NullMarked;
