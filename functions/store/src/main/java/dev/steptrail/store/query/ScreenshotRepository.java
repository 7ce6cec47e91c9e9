package dev.steptrail.store.query;

import dev.steptrail.stepformat.Step;
import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.StoredScreenshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the screenshots of a task's steps. */
public final class ScreenshotRepository {
    /** The number of rows per statement. A hundred screenshots of one step may take half a megabyte. */
    private static final int BATCH = 200;

    private static final String RANGE = """
            SELECT %s
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number %s ?
               AND (step_number, screenshot_index) %s (?, ?)
            %%s ORDER BY step_number %4$s, screenshot_index %4$s
             LIMIT %5$d
            """;

    private static final String ASCENDING = RANGE.formatted(StoredScreenshot.COLUMNS, "<=", ">", "ASC", BATCH);
    private static final String DESCENDING = RANGE.formatted(StoredScreenshot.COLUMNS, ">=", "<", "DESC", BATCH);

    /** If the range has more steps than this per listed step, the listed steps are looked up one by one. */
    private static final int SPARSE = 4;

    /** The maximum number of screenshots of a page of steps. */
    private static final int MAX_PER_PAGE = 5 * Step.MAX_SCREENSHOTS;

    /** Joins the screenshots to one row with the bounds of the page, so that Postgres reads one index range. */
    private static final String LIST = """
            SELECT page.last_step,
                   page.has_more,
                   screenshot.*
              FROM (SELECT max(step_number) FILTER (WHERE place <= ?) AS last_step,
                           count(*) > ?                               AS has_more
                      FROM (SELECT step_number,
                                   row_number() OVER (ORDER BY step_number) AS place
                              FROM task_steps
                             WHERE task_id = ?
                               AND step_number > ?
                             ORDER BY step_number
                             LIMIT ?) AS step) AS page
              LEFT JOIN LATERAL (SELECT %s
                                   FROM step_screenshots
                                  WHERE task_id = ?
                                    AND step_number > ?
                                    AND step_number <= page.last_step
                                  ORDER BY step_number, screenshot_index
                                  LIMIT %d) AS screenshot
                ON true
             ORDER BY screenshot.step_number, screenshot.screenshot_index
            """.formatted(StoredScreenshot.COLUMNS, MAX_PER_PAGE);

    private static final RecordMapper<LastScreenshot> LAST = RecordMapper.of(LastScreenshot.class);

    /** Reads one row of the primary key per task. */
    private static final String LAST_OF_TASKS = """
            SELECT last.*
              FROM unnest(?::uuid[]) AS task (id)
             CROSS JOIN LATERAL (SELECT %s
                                   FROM step_screenshots
                                  WHERE task_id = task.id
                                  ORDER BY step_number DESC, screenshot_index DESC
                                  LIMIT 1) AS last
            """.formatted(LAST.columns());

    private final Database database;

    public ScreenshotRepository(Database database) {
        this.database = database;
    }

    /** The last screenshot of a task: that of the highest step number, and its last frame. */
    public record LastScreenshot(
            UUID taskId,
            int stepNumber,
            int screenshotIndex,
            String role,
            boolean sensitive,
            String screenshotPath,
            @Nullable String thumbnailPath,
            String format) {
        /** Returns the key of the smallest image. */
        public String thumbnailKey() {
            return thumbnailPath == null ? screenshotPath : thumbnailPath;
        }
    }

    public record StepScreenshots(int stepNumber, List<StoredScreenshot> screenshots) {}

    /**
     * The screenshots of a page of steps.
     *
     * @param completeSteps the number of leading steps whose screenshots were all read before the size limit was
     *     reached
     */
    record ScreenshotsByStep(Map<Integer, List<StoredScreenshot>> byStep, int completeSteps) {
        List<StoredScreenshot> get(int stepNumber) {
            return byStep.getOrDefault(stepNumber, List.of());
        }
    }

    /** Returns the screenshots of one step in order; empty if the step has none or does not exist. */
    public List<StoredScreenshot> findByStep(UUID taskId, int stepNumber) {
        return database.readInAutoCommit(session -> readPage(session, taskId, List.of(stepNumber)))
                .get(stepNumber);
    }

    /** Returns the last screenshots of these tasks, in one query. Tasks without screenshots are absent. */
    public Map<UUID, LastScreenshot> lastOfTasks(Collection<UUID> taskIds) {
        return database.readInAutoCommit(
                session -> session.useGenericPlans().sql(LAST_OF_TASKS, Sql.array("uuid", taskIds)).list(LAST).stream()
                        .collect(Collectors.toMap(LastScreenshot::taskId, last -> last)));
    }

    /**
     * Reads screenshots until they exceed {@link Page#MAX_BYTES} in total, and at least those of the first step.
     *
     * @param stepNumbers at least one, ascending or descending; if they are close together, all steps from the first to
     *     the last are read
     */
    static ScreenshotsByStep readPage(Session session, UUID taskId, List<Integer> stepNumbers) throws SQLException {
        int first = stepNumbers.get(0);
        int last = stepNumbers.get(stepNumbers.size() - 1);
        boolean ascending = first <= last;
        Conditions listed = new Conditions();
        if (Math.abs((long) last - first) > (long) SPARSE * stepNumbers.size()) {
            listed.and("step_number = ANY (?)", Sql.array("integer", stepNumbers));
        }
        String sql = (ascending ? ASCENDING : DESCENDING).formatted(listed.sql());
        Map<Integer, List<StoredScreenshot>> byStep = new HashMap<>();
        long bytes = 0;
        int stepNumber = first;
        int screenshotIndex = ascending ? -1 : Integer.MAX_VALUE;
        List<Row> rows;
        do {
            rows = session.sql(sql, taskId, last, stepNumber, screenshotIndex, listed)
                    .list(row -> new Row(row.getInt("step_number"), StoredScreenshot.ROW.map(row)));
            for (Row row : rows) {
                stepNumber = row.stepNumber();
                if (bytes >= Page.MAX_BYTES && !byStep.containsKey(stepNumber)) {
                    return new ScreenshotsByStep(byStep, countBefore(stepNumber, stepNumbers));
                }
                screenshotIndex = row.screenshot().screenshotIndex();
                List<StoredScreenshot> stepScreenshots =
                        byStep.computeIfAbsent(stepNumber, number -> new ArrayList<>());
                stepScreenshots.add(ascending ? stepScreenshots.size() : 0, row.screenshot());
                bytes += size(row.screenshot());
            }
        } while (rows.size() == BATCH);
        return new ScreenshotsByStep(byStep, stepNumbers.size());
    }

    private record Row(int stepNumber, StoredScreenshot screenshot) {}

    /** Counts the listed steps before a step, which is not listed if it arrived after the list was read. */
    private static int countBefore(int stepNumber, List<Integer> stepNumbers) {
        boolean ascending = stepNumbers.get(0) < stepNumber;
        return (int) stepNumbers.stream()
                .takeWhile(number -> ascending ? number < stepNumber : number > stepNumber)
                .count();
    }

    private static long size(StoredScreenshot screenshot) {
        return Page.length(
                screenshot.screenshotPath(),
                screenshot.thumbnailPath(),
                screenshot.fileHash(),
                screenshot.format(),
                screenshot.perceptualHash(),
                screenshot.redactedRegions(),
                screenshot.metadata());
    }

    /**
     * Returns the screenshots of the next {@code limit} steps. Omits steps without screenshots, except the last. The
     * page ends earlier if the steps have many screenshots.
     *
     * @param after the last number of the previous page; null for the first page
     */
    public Page<StepScreenshots> page(UUID taskId, @Nullable Integer after, int limit) {
        int from = after == null ? 0 : after;
        return database.readInAutoCommit(session -> {
            PageOfSteps page = new PageOfSteps();
            session.sql(LIST, limit, limit, taskId, from, limit + 1, taskId, from)
                    .forEach(page::add);
            return page.finish();
        });
    }

    /** Groups the rows of a page by step. */
    private static final class PageOfSteps {
        private final List<StepScreenshots> steps = new ArrayList<>();
        private @Nullable Integer lastStep;
        private boolean hasMore;
        private int read;

        void add(ResultSet row) throws SQLException {
            lastStep = row.getObject("last_step", Integer.class);
            hasMore = row.getBoolean("has_more");
            int stepNumber = row.getInt("step_number");
            if (row.wasNull()) {
                return; // The page has no screenshots.
            }
            if (steps.isEmpty() || last().stepNumber() != stepNumber) {
                steps.add(new StepScreenshots(stepNumber, new ArrayList<>()));
            }
            last().screenshots().add(StoredScreenshot.ROW.map(row));
            read++;
        }

        Page<StepScreenshots> finish() {
            if (read == MAX_PER_PAGE && steps.size() > 1) {
                steps.remove(steps.size() - 1); // Some of its screenshots may be missing.
                return new Page<>(steps, true);
            }
            if (lastStep != null && (steps.isEmpty() || last().stepNumber() != lastStep)) {
                steps.add(new StepScreenshots(lastStep, List.of()));
            }
            return new Page<>(steps, hasMore);
        }

        private StepScreenshots last() {
            return steps.get(steps.size() - 1);
        }
    }
}
