package dev.steptrail.cli.phone.suite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.evaluate.EvaluationException;
import dev.steptrail.cli.evaluate.Judgement;
import dev.steptrail.cli.phone.suite.Suite.Case;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.phone.suite.TaskResult.Problem;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.autoglm.StepProgress;
import dev.steptrail.stepformat.TextTruncator;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TrackedTask;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One task of a suite: writes it to the journal and judges it. Rules judge before the task's end is recorded, programs
 * afterwards, because they would prolong the task. Used by the thread that runs the task.
 */
final class SuiteTask implements StepListener {
    static final String INTERRUPTED = "interrupted: the case is run again when the suite continues";

    /** Begins the reason of a verdict that no evaluator gave. */
    static final String NOT_JUDGED = "not judged: ";

    /** Begins the message of a task whose phone could not be prepared. */
    static final String NOT_STARTED = "not started: ";

    static final String INTERRUPTED_EVALUATOR = NOT_JUDGED + "the suite was interrupted";

    private static final String DELIVERED = "; the task was delivered: use steptrail evaluate";

    /** Messages of models may be much longer. */
    private static final int MAX_REASON_LENGTH = 1_000;

    private final SuiteRecording recording;
    private final SuiteJournal journal;
    private final Case suiteCase;
    private final TaskKey key;
    private final String phone;
    private final Path folder;
    private long startNanos;
    private List<ObjectNode> steps = List.of();
    private @Nullable TrackedTask task;
    private @Nullable TaskResult result;
    private @Nullable IOException failure;

    /** @param folder an empty folder for temporary files */
    SuiteTask(SuiteRecording recording, Case suiteCase, TaskKey key, String phone, Path folder) {
        this.recording = recording;
        this.journal = recording.journal();
        this.suiteCase = suiteCase;
        this.key = key;
        this.phone = phone;
        this.folder = folder;
    }

    @Override
    public void started(TrackedTask started) {
        task = started;
        startNanos = System.nanoTime();
        attempt(() -> journal.started(key, suiteCase.digest(), started.id()));
    }

    /** Keeps the screenshots of the steps before this one, which a shipper may delete. */
    @Override
    public void decided(StepProgress step) {
        CaseEvaluator evaluator = suiteCase.evaluator();
        if (evaluator != null && evaluator.readsScreenshots() && task != null) {
            attempt(new RecordedSteps(recording.outbox(), task.id(), folder)::keepScreenshots);
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
                    null,
                    null);
            result = ended.cause() instanceof Preparation.FailedException
                    ? recordVerdict(unjudged.unclear(Problem.NOT_PREPARED, shorten(NOT_JUDGED + unjudged.message())))
                    : judgeBeforeEnd(unjudged);
            journal.finished(result);
        });
    }

    private TaskResult judgeBeforeEnd(TaskResult unjudged) throws IOException, InterruptedException {
        CaseEvaluator evaluator = suiteCase.evaluator();
        if (unjudged.isInfrastructureError()) {
            return recordVerdict(unjudged.judged(Label.UNCLEAR, shorten(NOT_JUDGED + unjudged.message())));
        }
        if (evaluator == null) {
            return unjudged;
        }
        RecordedSteps recorded = new RecordedSteps(recording.outbox(), unjudged.task(), folder);
        if (evaluator.readsScreenshots()) {
            recorded.keepScreenshots();
        }
        boolean byRules = evaluator instanceof CaseEvaluator.ByRules;
        steps = recorded.read();
        return byRules ? judge(evaluator, unjudged) : unjudged;
    }

    /**
     * Judges a task whose evaluator failed or was interrupted, from its recording, and writes the verdict to the
     * journal.
     *
     * @return the result; if the outbox no longer contains the whole recording, the earlier one with this reason
     */
    TaskResult judgeAgain(TaskResult earlier) throws IOException {
        try {
            Optional<List<ObjectNode>> whole =
                    new RecordedSteps(recording.outbox(), earlier.task(), folder).readWhole();
            if (whole.isEmpty()) {
                TaskResult unjudged = earlier.unclear(Problem.NOT_JUDGED, String.valueOf(earlier.reason()));
                journal.judgedAgain(unjudged);
                return unjudged.unclear(Problem.NOT_JUDGED, unjudged.reason() + DELIVERED);
            }
            steps = whole.get();
            TaskResult judged = judge(Objects.requireNonNull(suiteCase.evaluator()), earlier);
            journal.judgedAgain(judged);
            return judged;
        } catch (ClosedByInterruptException | InterruptedException e) { // the suite is being stopped
            Thread.currentThread().interrupt();
            return earlier;
        }
    }

    /**
     * Judges a task by its evaluator. If the evaluator fails, the verdict is {@code unclear}.
     *
     * @throws InterruptedException if the suite is being stopped; no verdict is recorded
     */
    private TaskResult judge(CaseEvaluator evaluator, TaskResult unjudged) throws IOException, InterruptedException {
        TaskResult judged;
        try {
            Judgement judgement = evaluator.judge(describe(unjudged), steps, folder);
            String reason = judgement.reason() == null ? null : shorten(judgement.reason());
            judged = unjudged.judged((Label) judgement.value(), reason);
        } catch (EvaluationException e) {
            judged = unjudged.unclear(Problem.NOT_JUDGED, shorten(NOT_JUDGED + e.getMessage()));
        } catch (IOException e) {
            if (Thread.interrupted()) { // reading a screenshot fails like this, for example
                throw new InterruptedException(e.toString());
            }
            throw e;
        }
        return recordVerdict(judged);
    }

    private static String shorten(String reason) {
        return TextTruncator.truncate(reason, MAX_REASON_LENGTH);
    }

    private TaskResult recordVerdict(TaskResult judged) throws IOException {
        Label label = Objects.requireNonNull(judged.verdict());
        recording.judge(judged.task(), suiteCase.evaluator(), label, judged.reason());
        return judged;
    }

    /** Returns the task with the fields of the API that evaluators read. */
    private ObjectNode describe(TaskResult ended) {
        return SteptrailCommand.object()
                .put("task_id", ended.task().toString())
                .put("description", suiteCase.instruction())
                .put("device_id", ended.device())
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
                recording.judge(task.id(), suiteCase.evaluator(), Label.UNCLEAR, INTERRUPTED);
                journal.interrupted(task.id());
            }
            return null;
        }
        TaskResult last = result;
        if (last.verdict() == null && suiteCase.evaluator() != null) {
            try {
                last = judge(suiteCase.evaluator(), last);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                last = recordVerdict(last.unclear(Problem.JUDGING_INTERRUPTED, INTERRUPTED_EVALUATOR));
            }
        }
        journal.ended(last);
        return last;
    }

    private interface Write {
        void run() throws IOException, InterruptedException;
    }

    /** Keeps a failure for {@link #complete}, and interrupts the task: without a journal, it could be run twice. */
    private void attempt(Write write) {
        if (failure != null) {
            return;
        }
        try {
            write.run();
        } catch (ClosedByInterruptException | InterruptedException e) {
            Thread.currentThread().interrupt(); // the suite is being stopped, and this task counts as interrupted
        } catch (IOException e) {
            failure = new IOException("the suite was stopped: " + TextFormat.errorMessage(e), e);
            Thread.currentThread().interrupt();
        }
    }
}
