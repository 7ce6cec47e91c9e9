package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.judging.TemporaryFolder;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.run.TaskRunner;
import dev.steptrail.cli.phone.suite.Suite.Case;
import dev.steptrail.cli.phone.suite.Suite.DeviceChoice;
import dev.steptrail.cli.phone.suite.SuiteJournal.Entry;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.phone.suite.TaskResult.Problem;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackedTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the tasks of a suite that have not ended yet, one at a time on each phone. */
final class SuiteRunner {
    /** Receives the progress. The calls come from the threads of the phones. */
    interface Listener {
        void started(TaskKey key, OpenPhone phone);

        /**
         * A task has ended.
         *
         * @param result null if the task was interrupted
         */
        void ended(TaskKey key, OpenPhone phone, @Nullable TaskResult result);

        /** A phone is lost, or the model's server fails, so that the phone gets no further tasks. */
        void stopped(OpenPhone phone, String reason);

        void warned(String warning);
    }

    /** A phone gets no further tasks after this many in a row that are errors, see {@link TaskResult#isError}. */
    private static final int MAX_ERRORS_IN_A_ROW = 3;

    private record Item(Case suiteCase, TaskKey key) {}

    private final SuiteRecording recording;
    private final Suite suite;
    private final SuiteJournal journal;
    private final TaskRunner taskRunner;
    private final Duration waitAfterAction;
    private final Listener listener;
    private volatile boolean stopped;
    private @Nullable ExecutorService threads;

    /** @param waitAfterAction the time to wait for the effect of an input on the screen */
    SuiteRunner(SuiteRecording recording, TaskRunner taskRunner, Duration waitAfterAction, Listener listener) {
        this.recording = recording;
        this.suite = recording.suite();
        this.journal = recording.journal();
        this.taskRunner = taskRunner;
        this.waitAfterAction = waitAfterAction;
        this.listener = listener;
    }

    /** Returns the tasks of the suite on these phones: first the first repeat of each case. */
    static List<TaskKey> keys(Suite suite, List<String> phones) {
        int repeats = suite.cases().stream().mapToInt(Case::repeats).max().orElse(0);
        List<TaskKey> keys = new ArrayList<>();
        for (int repeat = 1; repeat <= repeats; repeat++) {
            for (Case one : suite.cases()) {
                if (repeat > one.repeats()) {
                    continue;
                }
                if (suite.devices() == DeviceChoice.ANY) {
                    keys.add(new TaskKey(one.id(), repeat, null));
                } else {
                    for (String phone : phones) {
                        keys.add(new TaskKey(one.id(), repeat, phone));
                    }
                }
            }
        }
        return keys;
    }

    /**
     * Returns the id of a case that was changed after tasks of it had run; null if there is none. Its repeats could not
     * be compared with each other.
     */
    static @Nullable String findChangedCase(Suite suite, SuiteJournal journal) {
        Map<String, String> digests = suite.cases().stream().collect(Collectors.toMap(Case::id, Case::digest));
        Stream<Entry> unjudged = journal.open().stream().filter(entry -> entry.result() != null);
        return Stream.concat(journal.ended().values().stream(), unjudged)
                .filter(entry -> {
                    String digest = digests.get(entry.key().caseId());
                    return digest != null && !digest.equals(entry.digest());
                })
                .map(entry -> entry.key().caseId())
                .findFirst()
                .orElse(null);
    }

    /** Returns the tasks that have ended, except those that {@link TaskResult#isRepeated}. */
    Set<TaskKey> ended(boolean retryErrors) {
        return journal.ended().values().stream()
                .filter(entry -> entry.result() == null || !entry.result().isRepeated(retryErrors))
                .map(Entry::key)
                .collect(Collectors.toSet());
    }

    /**
     * Runs the tasks of the suite, and judges those whose evaluator failed or was interrupted, until all have ended,
     * {@link #stop} is called, or no phone is left.
     *
     * @param ended the tasks that are not run
     * @throws IOException if the journal or the outbox cannot be written
     */
    void run(List<OpenPhone> phones, Set<TaskKey> ended) throws IOException, InterruptedException {
        Map<String, Case> cases = suite.cases().stream().collect(Collectors.toMap(Case::id, one -> one));
        Queue<Item> shared = new ConcurrentLinkedQueue<>();
        Map<String, Queue<Item>> byPhone = new HashMap<>();
        for (TaskKey key : keys(suite, phones.stream().map(OpenPhone::name).toList())) {
            if (!ended.contains(key)) {
                Queue<Item> items = key.device() == null
                        ? shared
                        : byPhone.computeIfAbsent(key.device(), device -> new ConcurrentLinkedQueue<>());
                items.add(new Item(Objects.requireNonNull(cases.get(key.caseId())), key));
            }
        }
        ExecutorService executor = Executors.newFixedThreadPool(phones.size());
        CompletionService<@Nullable Void> running = new ExecutorCompletionService<>(executor);
        synchronized (this) {
            if (stopped) {
                return;
            }
            threads = executor;
            for (OpenPhone phone : phones) {
                running.submit(() -> {
                    runAll(byPhone.getOrDefault(phone.name(), shared), phone);
                    return null;
                });
            }
        }
        try {
            for (int i = 0; i < phones.size(); i++) {
                await(running.take());
            }
        } finally { // after a failure on one phone, the other tasks are interrupted, and their ends recorded
            stop();
            executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        }
    }

    /** Interrupts the running tasks, and starts no others. {@link #run} then returns. */
    synchronized void stop() {
        stopped = true;
        if (threads != null) {
            threads.shutdownNow();
        }
    }

    private static void await(Future<?> ended) throws IOException, InterruptedException {
        try {
            ended.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            } else if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void runAll(Queue<Item> items, OpenPhone phone) throws IOException {
        int errors = 0;
        while (!stopped && errors < MAX_ERRORS_IN_A_ROW) {
            Item item = items.poll();
            if (item == null) {
                return;
            }
            listener.started(item.key(), phone);
            TaskResult result = run(item, phone);
            listener.ended(item.key(), phone, result);
            if (result == null) {
                return;
            }
            errors = result.isError() ? errors + 1 : 0;
            if (errors == MAX_ERRORS_IN_A_ROW || result.outcome() == RunOutcome.DEVICE_LOST) {
                listener.stopped(phone, String.valueOf(result.message()));
                return;
            }
        }
    }

    private @Nullable TaskResult run(Item item, OpenPhone phone) throws IOException {
        Path folder = Files.createTempDirectory("steptrail-suite"); // accessible only by this user
        try {
            TaskKey key = item.key();
            SuiteTask task = new SuiteTask(recording, item.suiteCase(), key, phone.name(), folder);
            TaskResult earlier = journal.result(key);
            if (earlier != null && earlier.isUnjudged()) {
                return task.judgeAgain(earlier);
            }
            TaskInfo info = TaskInfo.of(item.suiteCase().instruction())
                    .withName(key.caseId())
                    .onDevice(phone.name())
                    .inExperiment(recording.experiment(), key.caseId(), key.repeat())
                    .withAttributes(suite.attributes());
            try {
                suite.beforeEach().action().prepare(phone, key.caseId(), waitAfterAction);
                taskRunner.run(
                        phone,
                        item.suiteCase().instruction(),
                        info,
                        item.suiteCase().limits(),
                        task);
            } catch (DeviceException | Preparation.FailedException e) {
                recordFailure(info, task, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the task has not started
            }
            return task.complete();
        } finally {
            delete(folder);
        }
    }

    /** Records a task whose phone could not be prepared. */
    private void recordFailure(TaskInfo info, SuiteTask task, Exception cause) {
        try (TrackedTask recorded = recording.tracker().startTask(info)) {
            task.started(recorded);
            RunResult result = new RunResult(
                    TaskStatus.FAILED,
                    EndReason.ENDED_WITHOUT_FINISH,
                    SuiteTask.NOT_STARTED + cause.getMessage(),
                    0,
                    recorded.id(),
                    cause);
            task.ending(recorded, result);
            recorded.end(
                    result.status(),
                    result.endReason(),
                    result.message(),
                    cause instanceof Preparation.FailedException
                            ? Problem.NOT_PREPARED.wireName()
                            : RunOutcome.of(result).wireName());
        }
    }

    /** An evaluator program may leave files that cannot be deleted, which must not stop the suite. */
    private void delete(Path folder) {
        try {
            TemporaryFolder.delete(folder);
        } catch (IOException e) {
            listener.warned("temporary files remain: " + TextFormat.errorMessage(e));
        }
    }
}
