package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter for tasks. A null field matches every task.
 *
 * @param since the lower bound of the start time, inclusive
 * @param until the upper bound of the start time, exclusive
 * @param text a substring of the name or the description, case-insensitive
 * @param facets tags and metadata, all of which a task must have; sorted and distinct
 * @param verdict the verdict that counts: {@code pass}, {@code fail}, {@code unclear} or {@value #NO_VERDICT}
 */
public record TaskFilter(
        @Nullable String owner,
        @Nullable String status,
        @Nullable String agent,
        @Nullable String model,
        @Nullable String deviceId,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String text,
        List<Facet> facets,
        @Nullable String verdict,
        @Nullable String experiment,
        @Nullable String caseId) {
    /** Matches tasks without a verdict on success. */
    public static final String NO_VERDICT = "none";

    public static final List<String> VERDICTS = List.of("pass", "fail", "unclear", NO_VERDICT);

    public TaskFilter {
        facets = facets.stream().sorted().distinct().toList();
    }

    /** Returns a filter for the tasks of one owner, or for all tasks if {@code owner} is null. */
    public static TaskFilter forOwner(@Nullable String owner) {
        return new TaskFilter(owner, null, null, null, null, null, null, null, List.of(), null, null, null);
    }

    /** Returns a filter for those of the tasks that started before this time. */
    public TaskFilter startedBefore(Instant time) {
        return copy(until == null || until.isAfter(time) ? time : until, text);
    }

    /** Returns the filter without the text, which takes long to search in all tasks. */
    public TaskFilter withoutText() {
        return copy(until, null);
    }

    private TaskFilter copy(@Nullable Instant newUntil, @Nullable String newText) {
        return new TaskFilter(
                owner, status, agent, model, deviceId, since, newUntil, newText, facets, verdict, experiment, caseId);
    }

    /** Returns whether no index finds the tasks, so that the tasks of a {@link #ranges range} must be checked. */
    public boolean isSearch() {
        return !ranges().contains(this);
    }

    /**
     * Returns filters with a part of the conditions, such that an index finds their tasks in the order of their start:
     * the owner, the start time, and at most one facet, the experiment or the verdict. Each task of this filter is a
     * task of each range.
     */
    public List<TaskFilter> ranges() {
        List<TaskFilter> ranges = new ArrayList<>();
        facets.forEach(facet -> ranges.add(range(List.of(facet), null, null)));
        if (experiment != null) {
            ranges.add(range(List.of(), null, experiment));
        }
        if (verdict != null) {
            ranges.add(range(List.of(), verdict, null));
        }
        return ranges.isEmpty() ? List.of(range(List.of(), null, null)) : ranges;
    }

    private TaskFilter range(List<Facet> rangeFacets, @Nullable String rangeVerdict, @Nullable String rangeExperiment) {
        return new TaskFilter(
                owner, null, null, null, null, since, until, null, rangeFacets, rangeVerdict, rangeExperiment, null);
    }

    /** Returns the filter without the conditions of one of its {@link #ranges}. */
    public TaskFilter without(TaskFilter range) {
        return new TaskFilter(
                null,
                status,
                agent,
                model,
                deviceId,
                null,
                null,
                text,
                facets.stream().filter(facet -> !range.facets.contains(facet)).toList(),
                range.verdict == null ? verdict : null,
                range.experiment == null ? experiment : null,
                caseId);
    }

    /** Returns the conditions on the columns of {@code tasks}. */
    public Conditions conditions() {
        Conditions conditions = new Conditions()
                .and("owner = ?", owner)
                .and("status = ?", status)
                .and("agent = ?", agent)
                .and("model = ?", model)
                .and("device_id = ?", deviceId)
                .and("started_at >= ?", since)
                .and("started_at < ?", until)
                .and("coalesce(verdict, '') = ?", NO_VERDICT.equals(verdict) ? "" : verdict)
                .and("experiment = ?", experiment)
                .and("case_id = ?", caseId);
        for (Facet facet : facets) {
            // A scalar subquery reads the primary key for each task, whatever the planner knows about the value.
            conditions.and(
                    "(SELECT true FROM task_facets AS f WHERE f.task_id = tasks.task_id AND f.facet = ? AND f.value = ?)",
                    List.of(facet.name(), facet.value()));
        }
        return conditions.andAnyContains("name", "description", text);
    }
}
