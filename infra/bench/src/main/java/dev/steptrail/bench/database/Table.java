package dev.steptrail.bench.database;

import java.util.List;
import java.util.regex.Pattern;

/** A table that a step has rows in: its columns and their types, in the order in which our writer writes them. */
public enum Table {
    STEPS("task_steps", "task_id, step_number", """
            task_id uuid, step_number integer, step_type text, step_data json, thinking text, action_result json,
            screenshot_path text, duration_ms bigint, success boolean, error_message text, created_at timestamptz"""),
    SCREENSHOTS("step_screenshots", "task_id, step_number, ordinal", """
            task_id uuid, step_number integer, ordinal integer, role text, screenshot_path text, file_hash text,
            file_size bigint, original_size bigint, width integer, height integer, format text, compressed boolean,
            sensitive boolean, redacted_regions json, perceptual_hash text, thumbnail_path text, captured_at timestamptz,
            metadata json""");

    private static final Pattern COLUMN = Pattern.compile("(\\w+) (\\w+)");

    private final String tableName;
    private final String key;
    private final String declared;

    Table(String tableName, String key, String declared) {
        this.tableName = tableName;
        this.key = key;
        this.declared = declared;
    }

    public String tableName() {
        return tableName;
    }

    String key() {
        return key;
    }

    /** The columns, as SQL lists them. */
    public String columns() {
        return String.join(", ", words(1));
    }

    public List<String> types() {
        return words(2);
    }

    private List<String> words(int group) {
        return COLUMN.matcher(declared)
                .results()
                .map(column -> column.group(group))
                .toList();
    }
}
