/** Runs Postgres, SQS (ElasticMQ) and S3 (S3Proxy), each with its data in a folder. */
@NullMarked
package dev.steptrail.localcloud.servers;

import org.jspecify.annotations.NullMarked;
