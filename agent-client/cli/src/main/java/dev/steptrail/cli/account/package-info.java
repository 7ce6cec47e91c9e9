/** The commands that sign in and out, and show the user. */
package dev.steptrail.cli.account;
