/** Reads what the API returns: tasks, steps, screenshots and the reports of runs. */
package dev.steptrail.store.query;
