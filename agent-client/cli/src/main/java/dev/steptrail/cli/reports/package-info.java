/** The commands that show reports, insights and statistics. */
package dev.steptrail.cli.reports;
