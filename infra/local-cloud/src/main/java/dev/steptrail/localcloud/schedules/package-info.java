/** Calls functions at the times that the template names, as EventBridge would. */
@NullMarked
package dev.steptrail.localcloud.schedules;

import org.jspecify.annotations.NullMarked;
