/** Writes SQS messages to Postgres: batches from the queue, and retries of rejected messages. */
package dev.steptrail.ingest;
