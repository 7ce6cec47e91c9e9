/** What people and evaluators say about tasks and steps. */
package dev.steptrail.store.judgements;
