/** The base classes of commands. */
package dev.steptrail.cli.command;
