package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.RecordMapper;

/**
 * The state of a stored task that determines how its records are written.
 *
 * @param startReceived whether task_started has arrived
 * @param archived whether the task is archived; if so, only steps that arrived later have rows
 * @param deleted whether only the tombstone remains
 */
record StoredTaskState(String owner, boolean startReceived, boolean archived, boolean deleted) {
    static final RecordMapper<StoredTaskState> ROW = RecordMapper.of(StoredTaskState.class);

    static final String COLUMNS = """
            task_id,
                   owner,
                   start_received,
                   status = 'archived'    AS archived,
                   deleted_at IS NOT NULL AS deleted""";
}
