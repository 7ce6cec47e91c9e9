package dev.steptrail.cli.phone.suite;

import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.VerdictData;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A suite, and where its tasks are recorded. Thread-safe.
 *
 * @param experiment the name of the experiment
 * @param tracker records the tasks durably, see {@link dev.steptrail.tracker.Durability#WRITTEN}
 */
record SuiteRecording(Suite suite, String experiment, StepTracker tracker, Outbox outbox, SuiteJournal journal) {
    /** The evaluator of verdicts that the suite itself gives. */
    static final String SUITE = "suite";

    /**
     * Records a verdict.
     *
     * @param evaluator null for the suite itself
     * @throws IOException if the verdict is not recorded, so that the journal must not contain it either
     */
    void judge(UUID task, @Nullable CaseEvaluator evaluator, Label label, @Nullable String reason) throws IOException {
        VerdictData verdict = VerdictData.of(evaluator == null ? SUITE : evaluator.name(), label)
                .withEvaluatorVersion(evaluator == null ? null : evaluator.version())
                .withReason(reason);
        if (!tracker.judge(task, verdict)) {
            throw new IOException("the verdict on task " + task + " could not be recorded");
        }
    }
}
