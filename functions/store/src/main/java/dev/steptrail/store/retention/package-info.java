/**
 * Archiving, restoring, keeping and deleting of tasks, the partitions of months, and objects of the bucket without a
 * row.
 */
package dev.steptrail.store.retention;
