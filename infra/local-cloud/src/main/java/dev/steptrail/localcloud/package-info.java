/** Runs sam-template.yaml on one machine, with Postgres and local servers for SQS and S3. */
@NullMarked
package dev.steptrail.localcloud;

import org.jspecify.annotations.NullMarked;
