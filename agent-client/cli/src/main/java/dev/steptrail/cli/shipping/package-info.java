/** The commands that ship and check an outbox. */
package dev.steptrail.cli.shipping;
