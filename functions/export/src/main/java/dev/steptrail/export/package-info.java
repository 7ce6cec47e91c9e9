/** Makes exports asynchronously in the bucket: HTML, PDF and ZIP of a task, and JSON Lines of many. */
package dev.steptrail.export;
