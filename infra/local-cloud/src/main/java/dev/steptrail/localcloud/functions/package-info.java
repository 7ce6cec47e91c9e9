/** Runs the functions, and invokes them for queues and schedules. */
@NullMarked
package dev.steptrail.localcloud.functions;

import org.jspecify.annotations.NullMarked;
