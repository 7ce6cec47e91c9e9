/**
 * Rules that derive findings and suggestions from the steps of one task, and insights from many tasks. A move is a step
 * of a task's path: the name and the target of an action. The rules perform no I/O: the caller passes the steps and
 * stores the results.
 */
@NullMarked
package dev.steptrail.insights;

import org.jspecify.annotations.NullMarked;
