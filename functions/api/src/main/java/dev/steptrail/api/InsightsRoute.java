package dev.steptrail.api;

import dev.steptrail.api.json.JsonList;
import dev.steptrail.insights.InstructionRules;
import dev.steptrail.insights.InstructionText;
import dev.steptrail.store.insights.InsightRepository;
import dev.steptrail.store.jdbc.Page;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code GET /api/insights}: returns insights from the caller's tasks, or from all tasks for an admin, newest first. It
 * also returns whether there are enough tasks for insights. Reads only what maintenance has stored, no steps.
 */
record InsightsRoute(InsightRepository insights) {
    static final Set<String> PARAMETERS = Set.of("limit", "cursor", "owner", "kind", "instruction");

    private static final Cursors<Long> CURSORS = Cursors.ofIds("insights.desc");

    Response answer(Caller caller, Query query) {
        String owner = caller.listedOwner(query.name("owner"));
        String text = query.text("instruction", 1024);
        InsightRepository.Filter filter = new InsightRepository.Filter(
                owner, query.text("kind", 100), text == null ? null : InstructionText.normalize(text));
        Page<InsightRepository.StoredInsight> page = insights.page(filter, query.after(CURSORS), query.limit());
        boolean enough = !page.items().isEmpty()
                || insights.hasEnoughTasks(owner, filter.instruction(), InstructionRules.MIN_TASKS);
        return Response.json(JsonList.of(
                "insights", page, List::of, found -> CURSORS.after(found.id()), Map.of("enough_tasks", enough), null));
    }
}
