package dev.steptrail.bench.insights;

import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.TaskSummary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** What the reports of runs tell, as it is compared with what was planted. */
final class FoundInRuns {
    final List<Planted.Loop> loops = new ArrayList<>();
    final Set<List<Object>> unknownApps = new HashSet<>();
    final Set<UUID> manyWaits = new HashSet<>();
    final Set<UUID> takeOvers = new HashSet<>();

    void add(UUID taskId, TaskSummary report) {
        for (TaskSummary.Finding finding : report.findings()) {
            if (finding.kind().equals("loop")) {
                loops.add(new Planted.Loop(taskId, finding.steps()));
            }
        }
        for (TaskSummary.Suggestion suggestion : report.suggestions()) {
            switch (suggestion.kind()) {
                case "unknown_app" ->
                    unknownApps.add(List.of(
                            taskId,
                            Objects.requireNonNull(JsonFields.text(Objects.requireNonNull(
                                    JsonFields.of(suggestion.figures()).get("app"))))));
                case "too_many_waits" -> manyWaits.add(taskId);
                case "take_over" -> takeOvers.add(taskId);
                default -> {
                    // What was not planted is not judged.
                }
            }
        }
    }
}
