package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.AuditRow;
import dev.steptrail.store.model.StepColumns;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who did what, newest first? */
public final class ListAudit {
    private static final String SQL = """
            SELECT at,
                   id,
                   caller,
                   action,
                   task_id,
                   task_owner,
                   detail::text
              FROM audit_log
             WHERE (at, id) < (?, ?)
            %s ORDER BY at DESC, id DESC
             LIMIT ?
            """;

    /** After every row there can be. */
    private static final Key NEWEST = new Key(Instant.parse("9999-12-31T23:59:59.999999Z"), Long.MAX_VALUE);

    /** Each month costs Postgres time before it looks at a row: most pages are full of the latest. */
    private static final Duration LATELY = Duration.ofDays(31);

    /** No clock is so far ahead. */
    private static final Duration AHEAD = Duration.ofDays(1);

    private final Database database;

    public ListAudit(Database database) {
        this.database = database;
    }

    /** A row's place in the list. */
    public record Key(Instant at, long id) {}

    /**
     * Which rows; null is any.
     *
     * @param taskOwner of whose tasks
     * @param caller who did it
     * @param action such as {@code read_steps}
     * @param since when it was done at the earliest
     * @param until before which it was done
     */
    public record Filter(
            @Nullable String taskOwner,
            @Nullable String caller,
            @Nullable String action,
            @Nullable UUID taskId,
            @Nullable Instant since,
            @Nullable Instant until) {

        private Filter from(Instant earliest) {
            return new Filter(taskOwner, caller, action, taskId, earliest, until);
        }
    }

    /**
     * A page of the list.
     *
     * @param before where the page before ended, or null for the first
     * @param limit at least 1
     */
    public Page<AuditRow> page(Filter filter, @Nullable Key before, int limit) {
        if (filter.since() == null) {
            Key from = before == null ? new Key(Instant.now().plus(AHEAD), Long.MAX_VALUE) : before;
            Page<AuditRow> lately = rows(filter.from(from.at().minus(LATELY)), from, limit);
            if (lately.hasMore()) {
                return lately;
            }
        }
        return rows(filter, before == null ? NEWEST : before, limit);
    }

    private Page<AuditRow> rows(Filter filter, Key from, int limit) {
        Conditions conditions = new Conditions()
                .and("task_owner = ?", filter.taskOwner())
                .and("caller = ?", filter.caller())
                .and("action = ?", filter.action())
                .and("task_id = ?", filter.taskId())
                .and("at >= ?", filter.since())
                .and("at < ?", filter.until());
        return PageReader.page(database, limit, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL.formatted(conditions.sql()))) {
                statement.setObject(1, from.at().atOffset(ZoneOffset.UTC));
                statement.setLong(2, from.id());
                statement.setInt(conditions.bind(statement, 3), limit + 1);
                return PageReader.read(statement, limit, ListAudit::row, row -> PageReader.length(row.detail()));
            }
        });
    }

    private static AuditRow row(ResultSet row) throws SQLException {
        return new AuditRow(
                StepColumns.requiredTime(row, "at"),
                row.getLong("id"),
                row.getString("caller"),
                row.getString("action"),
                row.getObject("task_id", UUID.class),
                row.getString("task_owner"),
                row.getString("detail"));
    }
}
