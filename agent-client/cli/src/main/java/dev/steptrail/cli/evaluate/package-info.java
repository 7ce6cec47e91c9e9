/** Judges tasks by rules, and parses the verdicts of evaluator programs. Performs no I/O. */
package dev.steptrail.cli.evaluate;
