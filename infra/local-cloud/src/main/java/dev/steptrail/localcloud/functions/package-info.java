/** Runs the functions, and invokes them for queues, schedules and custom resources. */
@NullMarked
package dev.steptrail.localcloud.functions;

import org.jspecify.annotations.NullMarked;
