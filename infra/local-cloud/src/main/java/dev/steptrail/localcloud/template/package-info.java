/** Reads a SAM template into what the local cloud runs: plain values, no I/O but the file's. */
@NullMarked
package dev.steptrail.localcloud.template;

import org.jspecify.annotations.NullMarked;
