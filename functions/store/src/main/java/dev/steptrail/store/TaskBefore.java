package dev.steptrail.store;

/** How a task, which is locked now, was before. */
enum TaskBefore {
    NEW,
    KNOWN,
    /** Its rows are away, but for those of late steps. */
    ARCHIVED
}
