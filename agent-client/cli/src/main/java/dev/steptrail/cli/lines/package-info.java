/** Reads JSON lines from standard input, and writes them to an outbox as records. */
@NullMarked
package dev.steptrail.cli.lines;

import org.jspecify.annotations.NullMarked;
