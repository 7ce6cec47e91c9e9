package dev.steptrail.store.insights;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.PageReader;
import dev.steptrail.store.model.StepColumns;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What did runs teach, as far as maintenance has found it, newest first? */
public final class ListInsights {
    private static final String SQL = """
            SELECT id,
                   owner,
                   task_text,
                   kind,
                   runs,
                   runs_started_at,
                   steps,
                   figures::text,
                   found_at
              FROM insights
             WHERE id < ?
            %s ORDER BY id DESC
             LIMIT ?
            """;

    private final Database database;

    public ListInsights(Database database) {
        this.database = database;
    }

    /**
     * Which; null is any.
     *
     * @param owner of whose runs
     * @param kind such as {@code flaky}
     * @param taskText as {@link dev.steptrail.insights.TaskText} makes it
     */
    public record Filter(
            @Nullable String owner,
            @Nullable String kind,
            @Nullable String taskText) {}

    /**
     * One of them.
     *
     * @param runs that show it, newest first
     * @param runsStartedAt their start times
     * @param steps their step_ids, where some steps show it
     * @param figures a JSON object of how much of it there is, by kind
     */
    public record Found(
            long id,
            String owner,
            String taskText,
            String kind,
            List<UUID> runs,
            List<Instant> runsStartedAt,
            List<String> steps,
            String figures,
            Instant foundAt) {}

    /**
     * A page of the list.
     *
     * @param before the id with which the page before ended, or null for the first
     * @param limit at least 1
     */
    public Page<Found> page(Filter filter, @Nullable Long before, int limit) {
        Conditions conditions = new Conditions()
                .and("owner = ?", filter.owner())
                .and("kind = ?", filter.kind())
                .and("task_text = ?", filter.taskText());
        return PageReader.page(database, limit, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL.formatted(conditions.sql()))) {
                statement.setLong(1, before == null ? Long.MAX_VALUE : before);
                statement.setInt(conditions.bind(statement, 2), limit + 1);
                return PageReader.read(
                        statement, limit, ListInsights::found, found -> PageReader.length(found.figures()));
            }
        });
    }

    private static Found found(ResultSet row) throws SQLException {
        return new Found(
                row.getLong("id"),
                row.getString("owner"),
                row.getString("task_text"),
                row.getString("kind"),
                List.of((UUID[]) row.getArray("runs").getArray()),
                Arrays.stream((Timestamp[]) row.getArray("runs_started_at").getArray())
                        .map(Timestamp::toInstant)
                        .toList(),
                List.of((String[]) row.getArray("steps").getArray()),
                row.getString("figures"),
                StepColumns.requiredTime(row, "found_at"));
    }
}
