package dev.steptrail.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.steptrail.api.Problem.Kind;
import dev.steptrail.api.json.Json;
import dev.steptrail.insights.Statistics.Interval;
import dev.steptrail.insights.experiments.CaseComparison;
import dev.steptrail.insights.experiments.CaseComparison.Change;
import dev.steptrail.insights.experiments.CaseResampler;
import dev.steptrail.insights.experiments.Outcomes;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.store.experiments.Experiment;
import dev.steptrail.store.experiments.ExperimentRepository;
import dev.steptrail.store.experiments.ExperimentRepository.Summary;
import dev.steptrail.store.experiments.ExperimentRepository.TooManyExperimentsException;
import dev.steptrail.store.experiments.Results;
import dev.steptrail.store.experiments.Results.Counts;
import dev.steptrail.store.jdbc.Page;
import dev.steptrail.store.usage.Cost;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The routes that read experiments. */
record ExperimentRoutes(ExperimentRepository experiments) {
    static final Set<String> LIST_PARAMETERS = Set.of("limit", "cursor", "owner");
    static final Set<String> PARAMETERS = Query.union(LIST_PARAMETERS, "baseline");

    private static final CursorCodec<ExperimentRepository.Key> CURSORS = new CursorCodec<>(
            "experiments.desc",
            key -> List.of(key.firstStartedAt(), key.firstTaskId()),
            parts -> new ExperimentRepository.Key(
                    TimeParser.parseStoredTime(parts.get(0)), UUID.fromString(parts.get(1))));

    /** The key is a case id, which may contain the separator of the parts. */
    private static final CursorCodec<String> CASE_CURSORS =
            new CursorCodec<>("experiment_cases.asc", List::of, parts -> String.join("|", parts));

    private record ListedExperiment(
            @JsonUnwrapped
            @JsonIgnoreProperties({
                "first_task_id",
                "claimed_passes",
                "claimed_fails",
                "verified_passes",
                "verified_fails"
            })
            Summary summary,

            @Nullable Double passRate,
            @Nullable Double claimedPassRate,
            @Nullable Double verifiedPassRate) {
        static ListedExperiment of(Summary summary) {
            return new ListedExperiment(
                    summary,
                    rate(summary.passes(), summary.fails()),
                    rate(summary.claimedPasses(), summary.claimedFails()),
                    rate(summary.verifiedPasses(), summary.verifiedFails()));
        }
    }

    /** @param tasks the tasks whose tokens are known */
    private record Usage(int tasks, long inputTokens, long cachedTokens, long outputTokens) {}

    private record ResultsJson(
            int tasks,
            int passes,
            int fails,
            int unclear,
            int running,
            @Nullable Double passRate,
            @Nullable Double passRateLow,
            @Nullable Double passRateHigh,
            @Nullable Double claimedPassRate,
            @Nullable Double verifiedPassRate,
            int disagreements,
            @Nullable Double meanSteps,
            @Nullable Long meanDurationMs,
            @Nullable Usage usage,
            @Nullable Cost cost) {
        static ResultsJson of(Results results, @Nullable Interval interval) {
            Counts counts = results.counts();
            boolean hasUsage = counts.tasksWithUsage() > 0;
            return new ResultsJson(
                    counts.tasks(),
                    counts.passes(),
                    counts.fails(),
                    counts.unclear(),
                    counts.running(),
                    rate(counts.passes(), counts.fails()),
                    interval == null ? null : interval.low(),
                    interval == null ? null : interval.high(),
                    rate(counts.claimedPasses(), counts.claimedFails()),
                    rate(counts.verifiedPasses(), counts.verifiedFails()),
                    counts.disagreements(),
                    counts.endedTasks() == 0 ? null : (double) counts.steps() / counts.endedTasks(),
                    counts.tasksWithDuration() == 0
                            ? null
                            : Math.round((double) counts.durationMs() / counts.tasksWithDuration()),
                    hasUsage
                            ? new Usage(
                                    counts.tasksWithUsage(),
                                    counts.inputTokens(),
                                    counts.cachedTokens(),
                                    counts.outputTokens())
                            : null,
                    hasUsage ? results.cost() : null);
        }
    }

    /** @param change such as {@code too_few}; null without a baseline */
    private record CaseJson(
            @Nullable String caseId,
            ResultsJson results,
            @Nullable ResultsJson baseline,
            @Nullable String change,
            @Nullable Double pValue) {}

    /** {@code GET /api/experiments}: returns the caller's experiments or, for admins, all experiments, newest first. */
    Response list(Caller caller, Query query) {
        Page<Summary> page;
        try {
            page = experiments.page(caller.ownerFilter(query.name("owner")), query.startKey(CURSORS), query.limit());
        } catch (TooManyExperimentsException e) {
            throw new Problem(Kind.TOO_MANY_EXPERIMENTS);
        }
        return Response.json(Json.writeList(
                "experiments",
                page,
                summary -> List.of(ListedExperiment.of(summary)),
                summary -> CURSORS.encode(ExperimentRepository.Key.of(summary)),
                Map.of(),
                null));
    }

    /**
     * {@code GET /api/experiments/{name}}: returns the results of an experiment and a page of its cases, by case id.
     * With the parameter {@code baseline}, compares each case with the same case of that experiment.
     */
    Response get(Request request) {
        Query query = request.query();
        String requestedOwner = query.name("owner");
        String owner = requestedOwner == null
                ? request.caller().owner()
                : Objects.requireNonNull(request.caller().ownerFilter(requestedOwner));
        String baselineName = query.text("baseline", 200);
        String after = query.startKey(CASE_CURSORS);
        int limit = query.limit();

        Experiment experiment = find(owner, request.variable("name"), Kind.NO_SUCH_EXPERIMENT);
        Experiment baseline = baselineName == null ? null : find(owner, baselineName, Kind.NO_SUCH_BASELINE);

        SortedSet<String> caseIds = new TreeSet<>(experiment.cases().keySet());
        if (baseline != null) {
            caseIds.addAll(baseline.cases().keySet());
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", experiment.name());
        fields.put("owner", experiment.owner());
        fields.put("first_started_at", experiment.firstStartedAt());
        fields.put("last_started_at", experiment.lastStartedAt());
        fields.put("attributes", attributes(experiment));
        fields.put("results", total(experiment));
        fields.put("baseline", baseline == null ? null : baselineFields(experiment, baseline, caseIds));

        List<String> remaining = caseIds.stream()
                .filter(id -> after == null || id.compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        Page<String> page =
                new Page<>(remaining.subList(0, Math.min(limit, remaining.size())), remaining.size() > limit);
        return Response.json(Json.writeList(
                "cases", page, id -> List.of(caseJson(experiment, baseline, id)), CASE_CURSORS::encode, fields, null));
    }

    /** @param notFound the kind of the problem if the owner has no such experiment */
    private Experiment find(String owner, String name, Kind notFound) {
        if (!ExperimentCase.isName(name)) {
            throw Problem.missing(notFound, name);
        }
        Experiment experiment = experiments.find(owner, name).orElseThrow(() -> Problem.missing(notFound, name));
        if (experiment.total().counts().tasks() > ExperimentRepository.MAX_TASKS) {
            throw new Problem(Kind.EXPERIMENT_TOO_LARGE);
        }
        return experiment;
    }

    private static List<RawValue> attributes(Experiment experiment) {
        return experiment.attributes().stream().map(RawValue::new).toList();
    }

    private static Map<String, Object> baselineFields(
            Experiment experiment, Experiment baseline, SortedSet<String> caseIds) {
        Map<String, Integer> changes = new LinkedHashMap<>();
        Arrays.stream(Change.values()).forEach(change -> changes.put(json(change), 0));
        caseIds.forEach(
                id -> changes.merge(json(comparison(experiment, baseline, id).change()), 1, Integer::sum));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", baseline.name());
        fields.put("attributes", attributes(baseline));
        fields.put("results", total(baseline));
        fields.put("changes", changes);
        return fields;
    }

    private static CaseJson caseJson(Experiment experiment, @Nullable Experiment baseline, String id) {
        CaseComparison comparison = baseline == null ? null : comparison(experiment, baseline, id);
        return new CaseJson(
                id.isEmpty() ? null : id,
                caseResults(experiment, id),
                baseline == null ? null : caseResults(baseline, id),
                comparison == null ? null : json(comparison.change()),
                comparison == null ? null : comparison.pValue());
    }

    private static CaseComparison comparison(Experiment experiment, Experiment baseline, String id) {
        return CaseComparison.of(outcomes(results(baseline, id)), outcomes(results(experiment, id)));
    }

    private static ResultsJson total(Experiment experiment) {
        List<Outcomes> cases = experiment.cases().values().stream()
                .map(ExperimentRoutes::outcomes)
                .toList();
        return ResultsJson.of(experiment.total(), CaseResampler.interval(cases));
    }

    private static ResultsJson caseResults(Experiment experiment, String id) {
        Results results = results(experiment, id);
        return ResultsJson.of(results, outcomes(results).interval());
    }

    private static Results results(Experiment experiment, String id) {
        return experiment.cases().getOrDefault(id, Results.NONE);
    }

    private static Outcomes outcomes(Results results) {
        return new Outcomes(results.counts().passes(), results.counts().fails());
    }

    private static String json(Change change) {
        return change.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Double rate(int passes, int fails) {
        return new Outcomes(passes, fails).passRate();
    }
}
