/** Daily statistics of tasks and steps. */
package dev.steptrail.store.statistics;
