package dev.steptrail.cli.phone.suite;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.evaluate.EvaluationException;
import dev.steptrail.cli.evaluate.Judgement;
import dev.steptrail.cli.phone.suite.Suite.Case;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.autoglm.StepProgress;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.VerdictData;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One task of a suite: writes it to the journal and judges it. Rules judge before the task's end is recorded, programs
 * afterwards, because they would prolong the task. Used by the thread that runs the task.
 */
final class SuiteTask implements StepListener {
    /** The evaluator of verdicts that the suite itself gives. */
    static final String SUITE = "suite";

    static final String INTERRUPTED = "interrupted: the case is run again when the suite continues";

    /** Messages of models may be much longer. */
    private static final int MAX_REASON_LENGTH = 1_000;

    private final Case suiteCase;
    private final String digest;
    private final TaskKey key;
    private final String phone;
    private final SuiteJournal journal;
    private final Outbox outbox;
    private final Path folder;
    private final long startNanos = System.nanoTime();
    private List<ObjectNode> steps = List.of();
    private @Nullable TrackedTask task;
    private @Nullable TaskResult result;
    private @Nullable IOException failure;

    /**
     * @param digest that of the case
     * @param folder an empty folder for temporary files
     */
    SuiteTask(
            Case suiteCase,
            String digest,
            TaskKey key,
            String phone,
            SuiteJournal journal,
            Outbox outbox,
            Path folder) {
        this.suiteCase = suiteCase;
        this.digest = digest;
        this.key = key;
        this.phone = phone;
        this.journal = journal;
        this.outbox = outbox;
        this.folder = folder;
    }

    @Override
    public void started(TrackedTask started) {
        task = started;
        attempt(() -> journal.started(key, digest, started.id()));
    }

    /** Keeps the screenshots of the steps before this one, which a shipper may delete. */
    @Override
    public void decided(StepProgress step) {
        CaseEvaluator evaluator = suiteCase.evaluator();
        if (evaluator != null && evaluator.readsScreenshots() && task != null) {
            attempt(new RecordedSteps(outbox, task.id(), folder)::keepScreenshots);
        }
    }

    @Override
    public void ending(TrackedTask open, RunResult ended) {
        RunOutcome outcome = RunOutcome.of(ended);
        if (outcome == RunOutcome.CANCELLED) {
            return;
        }
        attempt(() -> {
            TaskResult unjudged = new TaskResult(
                    open.id(),
                    phone,
                    outcome,
                    ended.steps(),
                    Duration.ofNanos(System.nanoTime() - startNanos),
                    ended.message(),
                    null,
                    null);
            result = judgeBeforeEnd(unjudged, open);
            journal.finished(result);
        });
    }

    private TaskResult judgeBeforeEnd(TaskResult unjudged, TrackedTask open) throws IOException {
        CaseEvaluator evaluator = suiteCase.evaluator();
        if (unjudged.isInfrastructureError()) {
            return judged(unjudged, open, Label.UNCLEAR, "not judged: " + unjudged.message());
        }
        if (evaluator == null) {
            return unjudged;
        }
        RecordedSteps recorded = new RecordedSteps(outbox, open.id(), folder);
        if (evaluator.readsScreenshots()) {
            recorded.keepScreenshots();
        }
        boolean byRules = evaluator instanceof CaseEvaluator.ByRules;
        steps = recorded.read(byRules && evaluator.readsScreenshots());
        return byRules ? judge(evaluator, unjudged, open) : unjudged;
    }

    /** Judges a task by its evaluator. If the evaluator fails, the verdict is {@code unclear}. */
    private TaskResult judge(CaseEvaluator evaluator, TaskResult unjudged, TrackedTask open) throws IOException {
        try {
            Judgement judgement = evaluator.judge(describe(unjudged), steps, folder);
            return judged(unjudged, open, (Label) judgement.value(), judgement.reason());
        } catch (EvaluationException e) {
            return judged(unjudged, open, Label.UNCLEAR, "not judged: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return judged(unjudged, open, Label.UNCLEAR, "not judged: the suite was interrupted");
        }
    }

    private TaskResult judged(TaskResult unjudged, TrackedTask open, Label label, @Nullable String reason)
            throws IOException {
        String shortened = reason == null ? null : TextTruncator.truncate(reason, MAX_REASON_LENGTH);
        if (!open.judge(verdict(suiteCase.evaluator(), label, shortened))) {
            throw new IOException("the verdict on task " + open.id() + " could not be recorded");
        }
        return unjudged.judged(label, shortened);
    }

    static VerdictData verdict(@Nullable CaseEvaluator evaluator, Label label, @Nullable String reason) {
        return VerdictData.of(evaluator == null ? SUITE : evaluator.name(), label)
                .withEvaluatorVersion(evaluator == null ? null : evaluator.version())
                .withReason(reason);
    }

    /** Returns the task with the fields of the API that evaluators read. */
    private ObjectNode describe(TaskResult ended) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("task_id", ended.task().toString())
                .put("description", suiteCase.instruction())
                .put("device_id", phone)
                .put("case_id", key.caseId())
                .put("repeat", key.repeat())
                .put("status", ended.outcome() == RunOutcome.SUCCEEDED ? "succeeded" : "failed")
                .put("message", ended.message())
                .put("total_steps", ended.steps());
    }

    /**
     * Judges the task by a program, if its case has one, and writes the end to the journal.
     *
     * @return the result; null if the task was interrupted
     * @throws IOException if the journal, a temporary file or a verdict cannot be written
     */
    @Nullable
    TaskResult complete() throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (result == null) {
            if (task != null) {
                task.judge(verdict(suiteCase.evaluator(), Label.UNCLEAR, INTERRUPTED));
                journal.interrupted(task.id());
            }
            return null;
        }
        TaskResult last = result;
        if (last.verdict() == null && suiteCase.evaluator() != null) {
            last = judge(suiteCase.evaluator(), last, Objects.requireNonNull(task));
        }
        journal.ended(last);
        return last;
    }

    private interface Write {
        void run() throws IOException;
    }

    /** Keeps a failure for {@link #complete}, and interrupts the task: without a journal, it could be run twice. */
    private void attempt(Write write) {
        if (failure != null) {
            return;
        }
        try {
            write.run();
        } catch (ClosedByInterruptException e) {
            return; // the suite is being stopped, and this task counts as interrupted
        } catch (IOException e) {
            failure = new IOException("the suite was stopped: " + TextFormat.errorMessage(e), e);
            Thread.currentThread().interrupt();
        }
    }
}
