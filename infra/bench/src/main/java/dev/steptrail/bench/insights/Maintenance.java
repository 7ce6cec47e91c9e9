package dev.steptrail.bench.insights;

import dev.steptrail.store.insights.LearnFromRuns;
import dev.steptrail.store.insights.ProcessChangedTasks;
import dev.steptrail.store.jdbc.Database;
import java.time.Duration;

/** What maintenance does with runs, in its two jobs and in portions as large as theirs, to the end. */
final class Maintenance {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int RUNS_AT_ONCE = 200;

    private final ProcessChangedTasks look;
    private final LearnFromRuns learn;

    Maintenance(Database database) {
        this.look = new ProcessChangedTasks(database);
        this.learn = new LearnFromRuns(database);
    }

    /** Looks at runs until there is no news. */
    void look() {
        while (look.next(RUNS_AT_ONCE, LIMIT).isPresent()) {
            // the next portion
        }
    }

    /** Learns until no text is stale. */
    void learn() {
        while (learn.next(LIMIT).isPresent()) {
            // the next text
        }
    }
}
