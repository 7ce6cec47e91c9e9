/** From the queue into Postgres: the function that SQS calls with batches of messages. */
package dev.steptrail.ingest;
