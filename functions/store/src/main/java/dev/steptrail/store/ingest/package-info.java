/** Writes batches of queue messages: tasks, steps, screenshots and rejected messages. */
package dev.steptrail.store.ingest;
