/** The format of archived tasks in the bucket, and their restoration into the database. */
package dev.steptrail.archive;
