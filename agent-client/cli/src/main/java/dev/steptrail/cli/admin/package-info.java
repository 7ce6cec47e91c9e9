/** The commands that manage senders, rejected messages, prices, archived tasks and jobs. */
package dev.steptrail.cli.admin;
