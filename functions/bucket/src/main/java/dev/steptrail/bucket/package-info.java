/** What the functions need of S3 and SQS: URLs signed for others, objects read, messages sent. The AWS SDK would take most of a second to load. */
package dev.steptrail.bucket;
