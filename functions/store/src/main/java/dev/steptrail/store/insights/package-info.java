/** Processing of changed tasks: run digests, findings, and the insights that are computed from them. */
package dev.steptrail.store.insights;
