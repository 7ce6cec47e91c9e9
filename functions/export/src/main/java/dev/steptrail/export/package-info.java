/** Creates exports asynchronously in the bucket: HTML, PDF and ZIP of a task, and JSON Lines of many tasks. */
package dev.steptrail.export;
