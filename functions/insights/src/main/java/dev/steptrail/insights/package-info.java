/**
 * Rules that derive findings and suggestions from the steps of one task, and insights from many tasks. A task is a task; a
 * move is a step of its path. The rules perform no I/O: the caller passes the steps and stores the results.
 */
@NullMarked
package dev.steptrail.insights;

import org.jspecify.annotations.NullMarked;
