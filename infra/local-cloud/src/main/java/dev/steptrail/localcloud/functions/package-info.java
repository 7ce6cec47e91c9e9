/** Runs the functions, and invokes them from queues, on schedules and for custom resources. */
@NullMarked
package dev.steptrail.localcloud.functions;

import org.jspecify.annotations.NullMarked;
