/** AWS code that functions share: settings, clients of the AWS SDK, signed URLs, metrics and log lines. */
package dev.steptrail.aws;
