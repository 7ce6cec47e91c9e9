package dev.steptrail.store;

/**
 * What a writer must know of a task that is there.
 *
 * @param announced whether its task_started has arrived
 * @param deleted whether only its tombstone is left
 */
record KnownTask(String owner, boolean announced, boolean deleted) {}
