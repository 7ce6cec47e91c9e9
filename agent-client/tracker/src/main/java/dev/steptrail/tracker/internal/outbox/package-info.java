/** Writes and reads the files of an outbox. Used by the shipper and the CLI. Not API: may change in any release. */
package dev.steptrail.tracker.internal.outbox;
