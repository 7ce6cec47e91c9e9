/** Formats text for the terminal. */
package dev.steptrail.cli.terminal;
