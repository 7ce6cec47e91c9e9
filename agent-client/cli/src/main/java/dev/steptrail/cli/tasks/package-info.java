/** The commands that list, export and share tasks. */
package dev.steptrail.cli.tasks;
