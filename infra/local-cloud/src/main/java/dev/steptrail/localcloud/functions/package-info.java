/** Runs handlers in this process as Lambda would: events as JSON, timeouts, bounded concurrency. */
@NullMarked
package dev.steptrail.localcloud.functions;

import org.jspecify.annotations.NullMarked;
