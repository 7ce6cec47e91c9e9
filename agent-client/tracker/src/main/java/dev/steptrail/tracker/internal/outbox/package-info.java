/** The files of the outbox, and the one writer of each task. Used by the shipper and the command. Not API: this package may change in any release. */
package dev.steptrail.tracker.internal.outbox;
