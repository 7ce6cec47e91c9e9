package dev.steptrail.store.judgements;

/** Thrown if a task has the maximum number of verdicts, labels or notes. Nothing was stored. */
public final class TaskFullException extends RuntimeException {
    TaskFullException() {
        super("the task has the maximum number of verdicts, labels or notes");
    }
}
