/** The form in which a task lies in the bucket once its rows have left the database, and the way back. */
package dev.steptrail.archive;
