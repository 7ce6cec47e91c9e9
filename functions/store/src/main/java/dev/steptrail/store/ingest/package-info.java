/** Writes the batches of the queue: tasks, steps, screenshots and rejected messages. */
package dev.steptrail.store.ingest;
