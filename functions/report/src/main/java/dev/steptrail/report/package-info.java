/** A task's report as text that people read: CSV, Markdown, HTML. Nothing here reads or writes anything. */
package dev.steptrail.report;
