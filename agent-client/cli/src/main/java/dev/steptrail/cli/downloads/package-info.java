/** The commands that download screenshots and attachments. */
package dev.steptrail.cli.downloads;
