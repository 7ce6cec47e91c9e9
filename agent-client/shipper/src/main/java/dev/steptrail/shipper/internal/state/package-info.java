/** The shipper's state file, and the unshipped part of a task. Not API: this package may change in any release. */
package dev.steptrail.shipper.internal.state;
