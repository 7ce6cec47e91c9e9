package dev.steptrail.api;

import dev.steptrail.api.json.JsonList;
import dev.steptrail.insights.InstructionRules;
import dev.steptrail.insights.InstructionText;
import dev.steptrail.store.insights.InsightRepository;
import dev.steptrail.store.jdbc.Page;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/insights}: returns insights about the caller's tasks, or about all tasks for an admin, newest first,
 * whether there are enough tasks for insights, and when maintenance updates them. Reads the insights that maintenance stored, not the steps.
 */
record InsightsRoute(InsightRepository insights, MaintenanceSchedule schedule) {
    static final Set<String> PARAMETERS = Set.of("limit", "cursor", "owner", "kind", "instruction");

    private static final CursorCodec<Long> CURSORS = CursorCodec.forIds("insights.desc");

    Response handle(Caller caller, Query query) {
        String owner = caller.ownerFilter(query.name("owner"));
        String text = query.text("instruction", 1024);
        InsightRepository.Filter filter = new InsightRepository.Filter(
                owner, query.text("kind", 100), text == null ? null : InstructionText.normalize(text));
        Page<InsightRepository.StoredInsight> page = insights.page(filter, query.startKey(CURSORS), query.limit());
        boolean enough = !page.items().isEmpty()
                || insights.hasEnoughTasks(owner, filter.instruction(), InstructionRules.MIN_TASKS);
        MaintenanceSchedule.Updates updates = schedule.updatesOf("insights");
        Map<String, @Nullable Object> extraFields = new LinkedHashMap<>();
        extraFields.put("enough_tasks", enough);
        extraFields.put("updated_at", updates.updatedAt());
        extraFields.put("next_update_at", updates.nextUpdateAt());
        extraFields.put("update_interval_seconds", updates.updateIntervalSeconds());
        return Response.json(
                JsonList.write("insights", page, List::of, row -> CURSORS.encode(row.id()), extraFields, null));
    }
}
