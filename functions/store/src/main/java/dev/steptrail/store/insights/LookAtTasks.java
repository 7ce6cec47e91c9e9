package dev.steptrail.store.insights;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.TimeLimits;
import dev.steptrail.store.retention.BeginRun;
import dev.steptrail.store.statistics.CountSteps;
import dev.steptrail.store.statistics.FindNews;
import dev.steptrail.store.statistics.MarkDays;
import dev.steptrail.store.statistics.MeasureSteps;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Looks at tasks of which there is news: counts and measures their new steps for the statistics, and marks gaps in their numbers and clocks
 * that ran backwards. What was rejected of a deleted task while it was deleted goes. Locks nothing that writers of steps want: what arrives meanwhile is news for the next look. One at a time
 * may look; {@link BeginRun} sees to that.
 */
public final class LookAtTasks {
    private final Database database;

    public LookAtTasks(Database database) {
        this.database = database;
    }

    /**
     * What was seen.
     *
     * @param tasks how many were looked at
     * @param steps how many had not been counted
     * @param gapsMarked made or changed findings of kind {@code gap}; likewise of kind {@code clock_backwards}
     * @param gapsCleared findings removed, since the missing steps arrived, or the task was deleted; likewise
     */
    public record Looked(
            long tasks, long steps, long gapsMarked, long gapsCleared, long clocksMarked, long clocksCleared) {

        public static final Looked NOTHING = new Looked(0, 0, 0, 0, 0, 0);

        public Looked plus(Looked other) {
            return new Looked(
                    tasks + other.tasks,
                    steps + other.steps,
                    gapsMarked + other.gapsMarked,
                    gapsCleared + other.gapsCleared,
                    clocksMarked + other.clocksMarked,
                    clocksCleared + other.clocksCleared);
        }
    }

    /**
     * Looks at some of them, the oldest news first.
     *
     * @param most how many
     * @param limit how long a statement may take
     * @return nothing if there are no news
     */
    public Optional<Looked> some(int most, Duration limit) {
        return database.inTransaction(connection -> {
            TimeLimits.set(connection, limit);
            List<FindNews.News> news = FindNews.in(connection, most);
            return news.isEmpty() ? Optional.empty() : Optional.of(look(connection, news));
        });
    }

    private static Looked look(Connection connection, List<FindNews.News> news) throws SQLException {
        UUID[] ids = news.stream().map(FindNews.News::taskId).toArray(UUID[]::new);
        Array tasks = connection.createArrayOf("uuid", ids);
        ForgetRejected.in(connection, tasks);
        long steps = CountSteps.in(connection, news);
        MeasureSteps.in(connection, news);
        MarkFindings.Marks gaps = MarkFindings.GAPS.in(connection, tasks);
        MarkFindings.Marks clocks = MarkFindings.BACKWARD_CLOCKS.in(connection, tasks);
        DigestRuns.in(connection, news, tasks);
        // Last, since whoever rebuilds one of these days may have to be waited for.
        MarkDays.in(connection, tasks);
        return new Looked(ids.length, steps, gaps.marked(), gaps.cleared(), clocks.marked(), clocks.cleared());
    }
}
