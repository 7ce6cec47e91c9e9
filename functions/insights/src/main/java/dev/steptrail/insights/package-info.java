/**
 * Rules that derive findings and suggestions from the steps of one run, and insights from many runs. A run is a task; a
 * move is a step of its path. The rules perform no I/O: the caller passes the steps and stores the results.
 */
@NullMarked
package dev.steptrail.insights;

import org.jspecify.annotations.NullMarked;
