package dev.steptrail.api;

import dev.steptrail.store.query.TaskValues;
import dev.steptrail.store.query.TaskValues.Field;
import dev.steptrail.store.query.TaskValues.ValueCount;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * {@code GET /api/tasks/values}: returns the most frequent values of a {@code field} of the caller's newest tasks or,
 * for admins, of all tasks, so that clients can offer them in a filter.
 */
record TaskValuesRoute(TaskValues values) {
    static final Set<String> PARAMETERS = Set.of("field", "prefix", "owner");

    private static final List<String> FIELDS = List.of("agent", "model", "device_id", "tag", "experiment");

    private record FieldValues(String field, List<ValueCount> values, int countedTasks, boolean truncated) {}

    Response handle(Caller caller, Query query) {
        String field = query.oneOf("field", FIELDS);
        String prefix = Objects.requireNonNullElse(query.text("prefix", 200), "");
        TaskValues.Values found = values.find(
                Field.valueOf(field.toUpperCase(Locale.ROOT)), caller.ownerFilter(query.name("owner")), prefix);
        boolean truncated =
                found.countedTasks() == TaskValues.MAX_TASKS || found.values().size() == TaskValues.MAX_VALUES;
        return Response.json(new FieldValues(field, found.values(), found.countedTasks(), truncated));
    }
}
