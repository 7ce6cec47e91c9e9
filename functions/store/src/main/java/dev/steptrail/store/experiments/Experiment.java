package dev.steptrail.store.experiments;

import java.time.Instant;
import java.util.SortedMap;

/**
 * The results of an experiment.
 *
 * @param cases by case id; the key of tasks without a case id is empty
 */
public record Experiment(
        String owner,
        String name,
        Instant firstStartedAt,
        Instant lastStartedAt,
        Results total,
        SortedMap<String, Results> cases) {}
