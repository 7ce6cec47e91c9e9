/** Runs sam-template.yaml on one machine, with a real Postgres, SQS and S3. */
@NullMarked
package dev.steptrail.localcloud;

import org.jspecify.annotations.NullMarked;
