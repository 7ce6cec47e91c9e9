package dev.steptrail.insights;

import java.util.List;

/** Looks at the steps of one run, in the order of their numbers, each once. Not thread-safe. */
interface RunRule {
    void add(RunStep step);

    /** What was found in those so far. */
    default List<Finding> findings() {
        return List.of();
    }

    /** What they suggest. */
    default List<Suggestion> suggestions() {
        return List.of();
    }
}
