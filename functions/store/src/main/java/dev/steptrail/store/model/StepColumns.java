package dev.steptrail.store.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The columns of task_steps and step_screenshots, named once, in the order in which {@code CopySteps} writes them, and rows of
 * them read.
 */
public final class StepColumns {
    public static final String OF_STEP = """
            task_id, step_number, step_type, step_data, thinking, action_result, screenshot_path, duration_ms, success,
            error_message, created_at""";

    public static final String OF_SCREENSHOT = """
            task_id, step_number, ordinal, role, screenshot_path, file_hash, file_size, original_size, width, height, format,
            compressed, sensitive, redacted_regions, perceptual_hash, thumbnail_path, captured_at, metadata""";

    private StepColumns() {}

    /** The step in the current row, without its pictures. */
    public static StoredStep step(ResultSet row) throws SQLException {
        return new StoredStep(
                row.getObject("task_id", UUID.class),
                row.getInt("step_number"),
                row.getString("step_type"),
                row.getString("step_data"),
                row.getString("thinking"),
                row.getString("action_result"),
                row.getString("screenshot_path"),
                row.getObject("duration_ms", Long.class),
                row.getObject("success", Boolean.class),
                row.getString("error_message"),
                requiredTime(row, "created_at"),
                List.of());
    }

    public static StoredScreenshot screenshot(ResultSet row) throws SQLException {
        return new StoredScreenshot(
                row.getInt("ordinal"),
                row.getString("role"),
                row.getString("screenshot_path"),
                row.getString("file_hash"),
                row.getLong("file_size"),
                row.getLong("original_size"),
                row.getInt("width"),
                row.getInt("height"),
                row.getString("format"),
                row.getBoolean("compressed"),
                row.getBoolean("sensitive"),
                row.getString("redacted_regions"),
                row.getString("perceptual_hash"),
                row.getString("thumbnail_path"),
                time(row, "captured_at"),
                row.getString("metadata"));
    }

    public static Instant requiredTime(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    public static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
