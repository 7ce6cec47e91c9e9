/**
 * Rules that derive findings, suggestions and insights from the steps of one or of many runs. They perform no I/O: the
 * caller passes the steps and stores the results. All rules also work for runs without screenshots.
 */
@NullMarked
package dev.steptrail.insights;

import org.jspecify.annotations.NullMarked;
