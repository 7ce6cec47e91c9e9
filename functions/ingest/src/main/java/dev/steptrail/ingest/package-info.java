/**
 * Writes SQS messages to Postgres: the Lambda function for batches from the queue, and
 * {@link dev.steptrail.ingest.Redelivery} to retry rejected messages.
 */
package dev.steptrail.ingest;
