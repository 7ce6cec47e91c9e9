/** Reads JSON of other programs, lines or recordings of Open-AutoGLM, and writes it to an outbox as records. */
@NullMarked
package dev.steptrail.cli.records;

import org.jspecify.annotations.NullMarked;
