package dev.steptrail.report;

import java.util.List;

/**
 * A part of a report: a table under a title.
 *
 * @param columns what stands over the columns; empty where each row is a name and its value
 * @param ofSteps whether each row begins with the number of a step
 */
record Section(String title, List<String> columns, List<List<String>> rows, boolean ofSteps) {}
