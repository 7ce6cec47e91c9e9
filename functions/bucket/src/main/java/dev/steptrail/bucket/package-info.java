/** What the functions need of S3: URLs signed for others, and objects read. The AWS SDK would take most of a second to load. */
package dev.steptrail.bucket;
