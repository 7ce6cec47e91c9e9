/** Writes and reads the files of an outbox. Used by the other modules. Not API: may change in any release. */
package dev.steptrail.tracker.internal.outbox;
