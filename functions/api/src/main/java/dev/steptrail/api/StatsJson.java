package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.statistics.StatsGroup;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what the steps and runs of a group add up to; null where nothing is known, and where it makes no sense. */
final class StatsJson {
    private static final List<String> OF_RUNS =
            List.of("runs", "runs_by_ending", "success_rate", "steps_per_run", "run_duration");

    private StatsJson() {}

    static void fields(JsonGenerator json, StatsGroup group) throws IOException {
        StatsGroup.Steps steps = group.steps();
        Json.number(json, "total_steps", steps.total());
        Json.number(json, "successful_steps", steps.successful());
        Json.number(json, "failed_steps", steps.failed());
        Json.number(json, "total_duration_ms", steps.durationMs());
        Json.number(json, "measured_steps", steps.total());
        json.writeObjectFieldStart("step_duration");
        times(json, steps.durations());
        json.writeObjectFieldStart("model_time");
        Json.number(json, "total_ms", steps.modelMs());
        times(json, steps.modelTimes());
        boolean isKnown = steps.total() > 0;
        Json.number(json, "retries", isKnown ? steps.retries() : null);
        Json.number(json, "screenshots", isKnown ? steps.screenshots() : null);
        Json.number(json, "screenshot_bytes", isKnown ? steps.screenshotBytes() : null);
        runs(json, group.runs());
    }

    private static void runs(JsonGenerator json, StatsGroup.@Nullable Runs runs) throws IOException {
        if (runs == null) {
            for (String field : OF_RUNS) {
                json.writeNullField(field);
            }
            return;
        }
        Json.number(json, "runs", runs.total());
        json.writeObjectFieldStart("runs_by_ending");
        for (Map.Entry<String, Long> ending : runs.byEnding().entrySet()) {
            Json.number(json, ending.getKey(), ending.getValue());
        }
        json.writeEndObject();
        Json.rounded(json, "success_rate", runs.successRate());
        Json.rounded(json, "steps_per_run", runs.stepsPerRun());
        json.writeObjectFieldStart("run_duration");
        times(json, runs.durations());
    }

    /** The end of an object. */
    private static void times(JsonGenerator json, StatsGroup.Times times) throws IOException {
        Json.number(json, "p50_ms", times.p50());
        Json.number(json, "p95_ms", times.p95());
        json.writeEndObject();
    }
}
