/** Reads a SAM template into records with plain values. Does no I/O except for reading the file. */
@NullMarked
package dev.steptrail.localcloud.template;

import org.jspecify.annotations.NullMarked;
