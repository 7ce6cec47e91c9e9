/** Digests and findings of runs, and the insights that are learned from them. */
package dev.steptrail.store.insights;
