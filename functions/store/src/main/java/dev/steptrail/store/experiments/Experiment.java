package dev.steptrail.store.experiments;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * The results of an experiment.
 *
 * @param attributes the most frequent of the distinct {@code attributes} of the tasks, as JSON objects
 * @param cases by case id; the key of tasks without a case id is empty
 */
public record Experiment(
        String owner,
        String name,
        Instant firstStartedAt,
        Instant lastStartedAt,
        List<String> attributes,
        Results total,
        SortedMap<String, Results> cases) {}
