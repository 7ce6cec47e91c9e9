/**
 * Makes exports asynchronously and stores them in the bucket: reports as HTML and PDF, tasks as ZIP, lists of tasks as
 * JSON Lines.
 */
package dev.steptrail.export;
