/** Writes results of tests for other programs. */
@NullMarked
package dev.steptrail.cli.junit;

import org.jspecify.annotations.NullMarked;
