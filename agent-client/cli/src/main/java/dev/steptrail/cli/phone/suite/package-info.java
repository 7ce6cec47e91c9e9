/** Runs a suite of instructions on several phones, and judges the tasks. */
@NullMarked
package dev.steptrail.cli.phone.suite;

import org.jspecify.annotations.NullMarked;
