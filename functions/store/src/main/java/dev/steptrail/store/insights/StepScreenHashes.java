package dev.steptrail.store.insights;

import dev.steptrail.insights.TaskDigest.LastScreen;
import dev.steptrail.store.jdbc.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the perceptual hashes of the screens before the steps of a task. */
public final class StepScreenHashes {
    /** Selects the screens before steps, for {@link #add}. Parameters: task id, previous step number, limit. */
    public static final String BEFORE = """
            SELECT DISTINCT ON (step_number)
                   step_number,
                   perceptual_hash,
                   file_size
              FROM step_screenshots
             WHERE task_id = ?
               AND step_number > ?
               AND role = 'before'
             ORDER BY step_number, screenshot_index
             LIMIT ?
            """;

    private static final String LAST = """
            SELECT step_number,
                   perceptual_hash
              FROM step_screenshots
             WHERE task_id = ?
               AND role = 'before'
             ORDER BY step_number DESC, screenshot_index
             LIMIT 1
            """;

    private static final int HASH_DIGITS = 16;

    private StepScreenHashes() {}

    /**
     * The screen before a step.
     *
     * @param hash the perceptual hash; null if there is none, or it does not have 64 bits
     * @param bytes the size of the screenshot
     */
    public record Screen(@Nullable Long hash, long bytes) {}

    /** Adds a row of {@link #BEFORE} to the screens by step number. */
    public static void add(ResultSet row, Map<Integer, Screen> screens) throws SQLException {
        screens.put(
                row.getInt("step_number"),
                new Screen(hash(row.getString("perceptual_hash")), row.getLong("file_size")));
    }

    /** Returns the last screen before a step of a task; null if there is none or it has no 64-bit hash. */
    static @Nullable LastScreen last(Session session, UUID taskId) throws SQLException {
        List<LastScreen> last = new ArrayList<>();
        session.sql(LAST, taskId).forEach(row -> {
            Long hash = hash(row.getString("perceptual_hash"));
            if (hash != null) {
                last.add(new LastScreen(row.getInt("step_number"), hash));
            }
        });
        return last.isEmpty() ? null : last.get(0);
    }

    /** Parses a hash of 16 lower-case hex digits, as the shipper writes it; null for other values. */
    static @Nullable Long hash(@Nullable String hex) {
        return hex != null && hex.length() == HASH_DIGITS && hex.chars().allMatch(StepScreenHashes::isDigit)
                ? HexFormat.fromHexDigitsToLong(hex)
                : null;
    }

    private static boolean isDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
}
