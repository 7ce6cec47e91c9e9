package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.api.json.Json;
import dev.steptrail.api.json.JsonList;
import dev.steptrail.insights.TaskText;
import dev.steptrail.insights.TextRules;
import dev.steptrail.store.insights.InsightRepository;
import dev.steptrail.store.jdbc.Page;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * {@code GET /api/insights}: what the caller's runs taught, an admin's everybody's, newest first, as far as maintenance has found it; and whether there are runs enough to
 * teach anything. It reads what is stored, and no step.
 */
record InsightsRoute(InsightRepository insights) implements Route.CallerHandler {
    static final Set<String> PARAMETERS = Set.of("limit", "cursor", "owner", "kind", "task_text");

    private static final Cursors<Long> CURSORS = Cursors.ofIds("insights.desc");

    @Override
    public Response answer(Caller caller, Query query) {
        String owner = caller.listedOwner(query.name("owner"));
        String text = query.text("task_text", 1024);
        InsightRepository.Filter filter = new InsightRepository.Filter(
                owner, query.text("kind", 100), text == null ? null : TaskText.alike(text));
        Page<InsightRepository.StoredInsight> page = insights.page(filter, query.after(CURSORS), query.limit());
        boolean enough =
                !page.items().isEmpty() || insights.hasEnoughRuns(owner, filter.taskText(), TextRules.LEAST_RUNS);
        return Response.json(JsonList.of(
                "insights",
                page,
                found -> List.of(json -> write(json, found)),
                found -> CURSORS.after(found.id()),
                json -> Json.flag(json, "enough_runs", enough)));
    }

    private static void write(JsonGenerator json, InsightRepository.StoredInsight found) throws IOException {
        json.writeStartObject();
        Json.text(json, "kind", found.kind());
        Json.text(json, "task_text", found.taskText());
        Json.text(json, "owner", found.owner());
        Json.time(json, "found_at", found.foundAt());
        texts(json, "runs", found.runs());
        texts(json, "runs_started_at", found.runsStartedAt());
        texts(json, "steps", found.steps());
        Json.raw(json, "figures", found.figures());
        json.writeEndObject();
    }

    private static void texts(JsonGenerator json, String field, List<?> values) throws IOException {
        json.writeArrayFieldStart(field);
        for (Object value : values) {
            json.writeString(value.toString());
        }
        json.writeEndArray();
    }
}
