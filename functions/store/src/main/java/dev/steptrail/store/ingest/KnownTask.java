package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.RecordMapper;

/**
 * What a writer must know of a stored task.
 *
 * @param announced whether its task_started has arrived
 * @param archived whether its rows were deleted, but for those of late steps
 * @param deleted whether only its tombstone is left
 */
record KnownTask(String owner, boolean announced, boolean archived, boolean deleted) {
    static final RecordMapper<KnownTask> ROW = RecordMapper.of(KnownTask.class);

    static final String COLUMNS = """
            task_id,
                   owner,
                   announced,
                   status = 'archived'    AS archived,
                   deleted_at IS NOT NULL AS deleted""";
}
