/**
 * From the queue into Postgres: the function that SQS calls with batches of messages, and {@link
 * dev.steptrail.ingest.Redelivery} for those that were rejected and shall be tried again.
 */
package dev.steptrail.ingest;
