/** The commands that show experiments, and that pass or fail a build by their results. */
package dev.steptrail.cli.experiments;
