/** Archiving, restoring and deletion of tasks, month partitions, and orphaned objects. */
package dev.steptrail.store.retention;
