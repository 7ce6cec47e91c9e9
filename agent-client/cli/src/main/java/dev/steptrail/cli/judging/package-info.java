/** The commands that set verdicts, tags, labels and notes, and those that run evaluators. */
package dev.steptrail.cli.judging;
