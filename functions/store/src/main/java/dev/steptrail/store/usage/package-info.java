/** The tokens of tasks and steps, the prices of models, and costs. */
package dev.steptrail.store.usage;
