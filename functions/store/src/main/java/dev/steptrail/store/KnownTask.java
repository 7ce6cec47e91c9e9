package dev.steptrail.store;

/**
 * What a writer must know of a task that is there.
 *
 * @param announced whether its task_started has arrived
 * @param archived whether its rows are away, but for those of late steps
 * @param deleted whether only its tombstone is left
 */
record KnownTask(String owner, boolean announced, boolean archived, boolean deleted) {}
