/** What functions share on AWS: settings, clients of the AWS SDK, signed URLs, metrics and log lines. */
package dev.steptrail.aws;
