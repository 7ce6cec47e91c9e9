/** Processing of changed tasks: task digests, findings, and the insights that are computed from them. */
package dev.steptrail.store.insights;
