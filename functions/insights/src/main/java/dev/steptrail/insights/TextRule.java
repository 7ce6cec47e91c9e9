package dev.steptrail.insights;

import java.util.List;

/** Looks at the runs of one task text. Thread-safe. */
interface TextRule {
    List<Insight> of(TextHistory history);
}
