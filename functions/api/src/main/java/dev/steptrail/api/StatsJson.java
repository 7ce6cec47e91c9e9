package dev.steptrail.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.store.statistics.StatsGroup;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what the steps and runs of a group add up to; null where nothing is known, and where it makes no sense. */
final class StatsJson {
    private static final StatsGroup.Times UNKNOWN = new StatsGroup.Times(null, null);

    private static final List<String> OF_RUNS =
            List.of("runs", "runs_by_ending", "success_rate", "steps_per_run", "run_duration");

    private StatsJson() {}

    static void fields(JsonGenerator json, StatsGroup group) throws IOException {
        StatsGroup.Steps steps = group.steps();
        Json.number(json, "total_steps", steps.total());
        Json.number(json, "successful_steps", steps.successful());
        Json.number(json, "failed_steps", steps.failed());
        Json.number(json, "total_duration_ms", steps.durationMs());
        measures(json, group.measures());
        runs(json, group.runs());
    }

    private static void measures(JsonGenerator json, StatsGroup.@Nullable Measures measures) throws IOException {
        Json.number(json, "measured_steps", measures == null ? 0 : measures.steps());
        json.writeObjectFieldStart("step_duration");
        times(json, measures == null ? UNKNOWN : measures.durations());
        json.writeObjectFieldStart("model_time");
        Json.number(json, "total_ms", measures == null ? null : measures.modelMs());
        times(json, measures == null ? UNKNOWN : measures.modelTimes());
        Json.number(json, "retries", measures == null ? null : measures.retries());
        Json.number(json, "screenshots", measures == null ? null : measures.screenshots());
        Json.number(json, "screenshot_bytes", measures == null ? null : measures.screenshotBytes());
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
