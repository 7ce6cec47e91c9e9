/** Renders a task's report as CSV, Markdown or HTML, and defines the keys of exports. Performs no I/O. */
package dev.steptrail.report;
