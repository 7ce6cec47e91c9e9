/** Scheduled maintenance jobs, and the schema migration that runs when the stack is deployed. */
package dev.steptrail.operations;
