/** End-to-end tests that run the packaged programs on the deployed template. */
package dev.steptrail.endtoend;
