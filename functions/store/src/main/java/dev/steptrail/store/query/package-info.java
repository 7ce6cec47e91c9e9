/** Reads what the API returns: tasks, steps, screenshots and summaries of tasks. */
package dev.steptrail.store.query;
