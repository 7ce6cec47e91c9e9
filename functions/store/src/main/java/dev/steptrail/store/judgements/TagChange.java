package dev.steptrail.store.judgements;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Removes tags from tasks, and then adds tags. A task that would have more than {@value TagRepository#MAX_TAGS} tags is
 * not changed.
 *
 * @param add no tag of {@code remove}
 */
public record TagChange(List<String> add, List<String> remove) implements BulkChange {
    /** The maximum number of tags to add, and of those to remove, because each of them changes rows of each task. */
    public static final int MAX_CHANGED = 10;

    private static final RecordMapper<TagsOfTask> ROW = RecordMapper.of(TagsOfTask.class);

    /** Tags are sorted by their code points. */
    private static final String SET_TAGS = """
            WITH wanted AS (
                SELECT task_id,
                       tags AS before,
                       ARRAY(SELECT tag
                               FROM (SELECT unnest(tags)
                                     EXCEPT
                                     SELECT unnest(?::text[])
                                     UNION
                                     SELECT unnest(?::text[])) AS t (tag)
                              ORDER BY tag COLLATE "C") AS after
                  FROM tasks
                 WHERE task_id = ANY (?)
            ), changed AS (
                UPDATE tasks AS t
                   SET tags      = wanted.after,
                       judged_at = change_time(t.received_at, t.judged_at)
                  FROM wanted
                 WHERE t.task_id = wanted.task_id
                   AND wanted.before <> wanted.after
                   AND cardinality(wanted.after) <= %d
            )
            SELECT %s
              FROM wanted
             ORDER BY task_id
            """.formatted(TagRepository.MAX_TAGS, ROW.columns());

    public TagChange {
        add = List.copyOf(add);
        remove = List.copyOf(remove);
    }

    private record TagsOfTask(UUID taskId, List<String> before, List<String> after) {
        boolean isRefused() {
            return after.size() > TagRepository.MAX_TAGS;
        }
    }

    @Override
    public BulkResult apply(Session session, List<UUID> taskIds, String caller) throws SQLException {
        List<TagsOfTask> tasks = session.sql(
                        SET_TAGS, Sql.array("text", remove), Sql.array("text", add), Sql.array("uuid", taskIds))
                .list(ROW);
        List<AuditEntry> entries = new ArrayList<>();
        long unchanged = 0;
        long refused = 0;
        for (TagsOfTask task : tasks) {
            if (task.before().equals(task.after())) {
                unchanged++;
            } else if (task.isRefused()) {
                refused++;
            } else {
                entries.add(new AuditEntry(
                        caller,
                        "change_tags",
                        task.taskId(),
                        Map.of(
                                "added",
                                without(task.after(), task.before()),
                                "removed",
                                without(task.before(), task.after()))));
            }
        }
        AuditLog.addInTransaction(session, entries);
        return new BulkResult(tasks.size(), tasks.size() - unchanged - refused, unchanged, 0, refused);
    }

    private static List<String> without(List<String> tags, List<String> others) {
        return tags.stream().filter(tag -> !others.contains(tag)).toList();
    }
}
