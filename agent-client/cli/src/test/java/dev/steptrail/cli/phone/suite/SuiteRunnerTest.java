package dev.steptrail.cli.phone.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.cli.phone.run.TaskRunner;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.phone.device.Key;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.Screen;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackedTask;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs suites with a runner that records tasks, but operates no phone. */
class SuiteRunnerTest extends SuiteTestBase {
    private static final RunResult SUCCESS =
            new RunResult(TaskStatus.SUCCEEDED, EndReason.FINISHED, "It is done.", 1, null);
    private static final RunResult MODEL_ERROR =
            new RunResult(TaskStatus.FAILED, EndReason.MODEL_ERROR, "status 500", 1, null);
    private static final RunResult PHONE_LOST = new RunResult(
            TaskStatus.FAILED,
            EndReason.ENDED_WITHOUT_FINISH,
            "the phone is lost",
            1,
            null,
            new DeviceLostException("the phone is lost", null));
    private static final RunResult CANCELLED =
            new RunResult(TaskStatus.CANCELLED, EndReason.CANCELLED, "interrupted", 1, null);

    private static final BufferedImage SCREEN = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);

    private final List<OpenPhone> phones = List.of(phone("a"), phone("b"));
    private final ConcurrentLinkedQueue<String> started = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<TaskResult> ended = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> stopped = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<String> inputs = new ConcurrentLinkedQueue<>();

    /** The name of a phone whose inputs fail. */
    private volatile String broken = "";

    /** Decides how a task ends. */
    private interface Ending {
        RunResult of(OpenPhone phone, TaskInfo info) throws InterruptedException;
    }

    private static final Ending MUST_NOT_RUN = (phone, info) -> {
        throw new AssertionError("the task must not run");
    };

    private @Nullable Object press(String phone, Key key) throws DeviceException {
        if (phone.equals(broken)) {
            throw new DeviceException("no answer from " + phone);
        }
        inputs.add(phone + " " + key);
        return null;
    }

    private OpenPhone phone(String name) {
        Object device = Proxy.newProxyInstance(
                Device.class.getClassLoader(), new Class<?>[] {Device.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "press" -> press(name, (Key) arguments[0]);
                        case "serial" -> "serial-" + name;
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
        return new OpenPhone(name, (Device) device, null);
    }

    private SuiteRunner runner(Suite suite, Ending ending) {
        return runner(suite, (phone, instruction, info, limits, listener) -> run(phone, info, listener, ending));
    }

    private SuiteRunner runner(Suite suite, TaskRunner tasks) {
        return new SuiteRunner(recording(suite), tasks, Duration.ZERO, new SuiteRunner.Listener() {
            @Override
            public void started(TaskKey key, OpenPhone phone) {
                started.add(phone.name() + " " + key.caseId() + " " + key.repeat());
            }

            @Override
            public void ended(TaskKey key, OpenPhone phone, @Nullable TaskResult result) {
                if (result != null) {
                    ended.add(result);
                }
            }

            @Override
            public void stopped(OpenPhone phone, String reason) {
                stopped.add(phone.name() + ": " + reason);
            }

            @Override
            public void warned(String warning) {
                throw new AssertionError(warning);
            }
        });
    }

    private RunResult run(OpenPhone phone, TaskInfo info, StepListener listener, Ending ending) {
        try (TrackedTask task = tracker.startTask(info)) {
            listener.started(task);
            task.record(StepData.action(Map.of("action", "Tap"))
                    .frame(FrameRole.BEFORE, Screen.ofImage(SCREEN, false))
                    .succeeded()
                    .build());
            RunResult result;
            try {
                result = ending.of(phone, info);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                result = CANCELLED;
            }
            listener.ending(task, result);
            task.end(result.status(), result.endReason(), result.message());
            return result;
        }
    }

    private void run(String yaml, Ending ending) throws Exception {
        runner(suite(yaml), ending).run(phones, Set.of());
    }

    private void runOnOnePhone(String yaml, Ending ending) throws Exception {
        runner(suite(yaml), ending).run(List.of(phones.get(0)), Set.of());
    }

    private List<TaskResult> results() {
        return journal.ended().values().stream()
                .map(entry -> Objects.requireNonNull(entry.result()))
                .toList();
    }

    @Test
    void anyDevice_runsEachRepeatOnce_onAllPhones() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        run("repeats: 3\ncases: [{id: x, instruction: i}, {id: y, instruction: i}]", (phone, info) -> {
            both.countDown();
            both.await(); // both phones work at the same time
            return SUCCESS;
        });

        assertThat(started).hasSize(6).anyMatch(task -> task.startsWith("a ")).anyMatch(task -> task.startsWith("b "));
        assertThat(journal.ended().keySet())
                .containsExactlyInAnyOrderElementsOf(Stream.of("x", "y")
                        .flatMap(id -> Stream.of(1, 2, 3).map(repeat -> new TaskKey(id, repeat, null)))
                        .toList());
    }

    @Test
    void eachDevice_runsEachRepeatOnEachPhone() throws Exception {
        run("devices: each\nrepeats: 2\ncases: [{id: x, instruction: i}]", (phone, info) -> SUCCESS);

        assertThat(started).containsExactlyInAnyOrder("a x 1", "a x 2", "b x 1", "b x 2");
        assertThat(results()).hasSize(4).allMatch(result -> result.counts() == Label.PASS);
    }

    @Test
    void threeErrorsInARow_stopThePhone() throws Exception {
        run(
                "repeats: 20\ncases: [{id: x, instruction: i}]",
                (phone, info) -> phone.name().equals("a") ? MODEL_ERROR : SUCCESS);

        assertThat(started).hasSize(20);
        assertThat(started.stream().filter(task -> task.startsWith("a "))).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void errorsOnAllPhones_leaveTasksThatWereNotRun() throws Exception {
        run("repeats: 20\ncases: [{id: x, instruction: i}]", (phone, info) -> MODEL_ERROR);

        assertThat(started).hasSize(6);
        assertThat(stopped).containsExactlyInAnyOrder("a: status 500", "b: status 500");
        assertThat(results()).hasSize(6).allSatisfy(result -> {
            assertThat(result.counts()).isEqualTo(Label.UNCLEAR);
            assertThat(result.reason()).isEqualTo("not judged: status 500");
        });
    }

    @Test
    void errorsThatAreNotInARow_doNotStopThePhone() throws Exception {
        AtomicInteger count = new AtomicInteger();
        runOnOnePhone(
                "repeats: 12\ncases: [{id: x, instruction: i}]",
                (phone, info) -> count.incrementAndGet() % 3 == 0 ? SUCCESS : MODEL_ERROR);

        assertThat(started).hasSize(12);
        assertThat(stopped).isEmpty();
    }

    @Test
    void lostPhone_getsNoFurtherTask() throws Exception {
        Semaphore lost = new Semaphore(0);
        run("repeats: 5\ncases: [{id: x, instruction: i}]", (phone, info) -> {
            if (phone.name().equals("a")) {
                lost.release();
                return PHONE_LOST;
            }
            lost.acquire();
            lost.release();
            return SUCCESS;
        });

        assertThat(started.stream().filter(task -> task.startsWith("a "))).hasSize(1);
        assertThat(started).hasSize(5);
        assertThat(stopped).containsExactly("a: the phone is lost");
    }

    @Test
    void failureOfOnePhone_stopsTheOthers_andIsThrown() throws Exception {
        SuiteRunner runner = runner(suite("repeats: 9\ncases: [{id: x, instruction: i}]"), (phone, info) -> {
            if (phone.name().equals("a")) {
                throw new IllegalStateException("a defect");
            }
            new Semaphore(0).acquire(); // until it is interrupted
            return SUCCESS;
        });

        assertThatThrownBy(() -> runner.run(phones, Set.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a defect");
    }

    @Test
    void stop_interruptsTheTasks_whichCountAsUnclear_andRunAgain() throws Exception {
        Suite suite = suite("repeats: 3\ncases: [{id: x, instruction: i, expect: {message: done}}]");
        CountDownLatch running = new CountDownLatch(2);
        SuiteRunner first = runner(suite, (phone, info) -> {
            running.countDown();
            new Semaphore(0).acquire();
            return SUCCESS;
        });
        Thread stopping = new Thread(() -> {
            try {
                running.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            first.stop();
        });
        stopping.start();
        first.run(phones, Set.of());
        stopping.join();

        assertThat(journal.ended()).isEmpty();
        assertThat(journal.open()).isEmpty();
        SuiteRunner second = runner(suite, (phone, info) -> SUCCESS);
        new InterruptedTasks(recording(suite)).complete();
        second.run(phones, second.ended(false));
        assertThat(results()).hasSize(3);
        assertThat(verdicts())
                .extracting(Verdict::value)
                .containsExactlyInAnyOrder(Label.UNCLEAR, Label.UNCLEAR, Label.PASS, Label.PASS, Label.PASS);
    }

    @Test
    void retriedErrors_areRunAgain_andOthersAreNot() throws Exception {
        Suite suite = suite("cases: [{id: x, instruction: i}, {id: y, instruction: i}]");
        runner(suite, (phone, info) -> "x".equals(info.name()) ? MODEL_ERROR : SUCCESS)
                .run(phones, Set.of());
        started.clear();
        SuiteRunner again = runner(suite, (phone, info) -> SUCCESS);

        again.run(phones, again.ended(false));
        assertThat(started).isEmpty();
        again = runner(suite, (phone, info) -> SUCCESS);
        again.run(phones, again.ended(true));
        assertThat(started).singleElement().asString().endsWith(" x 1");
        assertThat(results()).allMatch(result -> result.counts() == Label.PASS);
    }

    @Test
    void program_judgesAfterTheEnd() throws Exception {
        Suite suite = suiteJudgedBy(
                "grep -q '\"message\":\"It is done.\"' && echo '{\"value\":\"fail\",\"reason\":\"no proof\"}'");
        runner(suite, (phone, info) -> SUCCESS).run(phones, Set.of());

        assertThat(results()).singleElement().satisfies(result -> {
            assertThat(result.verdict()).isEqualTo(Label.FAIL);
            assertThat(result.reason()).isEqualTo("no proof");
        });
        assertThat(verdicts()).singleElement().satisfies(verdict -> {
            assertThat(verdict.evaluator()).isEqualTo("judge");
            assertThat(verdict.evaluatorVersion()).isEqualTo("3");
            assertThat(verdict.value()).isEqualTo(Label.FAIL);
        });
    }

    @Test
    void failingProgram_makesTheTaskUnclear() throws Exception {
        suiteWithBrokenProgram();

        assertThat(results()).singleElement().satisfies(result -> {
            assertThat(result.verdict()).isEqualTo(Label.UNCLEAR);
            assertThat(result.reason()).isEqualTo("not judged: the program exited with code 3: broken");
        });
    }

    @Test
    void programThatASignalInterrupts_judgesWhenTheSuiteContinues() throws Exception {
        Suite suite = suiteWithInterruptedProgram();
        TaskResult interrupted = results().get(0);
        assertThat(interrupted.reason()).isEqualTo("not judged: the suite was interrupted");
        assertThat(new SuiteResults("nightly", List.copyOf(journal.ended().keySet()), journal.ended())
                        .toText(ZoneOffset.UTC))
                .endsWith(
                        "1 of 1 task was not judged yet (judged by the same command):",
                        "  1 task: the suite was interrupted");

        SuiteRunner again = runner(suite, MUST_NOT_RUN);
        again.run(phones, again.ended(false));

        assertThat(results()).containsExactly(interrupted.judged(Label.PASS, null));
        assertThat(verdicts()).extracting(Verdict::value).containsExactlyInAnyOrder(Label.UNCLEAR, Label.PASS);
    }

    @Test
    void programThatASignalInterrupts_cannotJudgeATaskThatWasDelivered() throws Exception {
        Suite suite = suiteWithInterruptedProgram();
        outbox.task(results().get(0).task()).orElseThrow().remove();
        SuiteRunner again = runner(suite, (phone, info) -> SUCCESS);

        again.run(phones, again.ended(false));

        assertThat(ended).last().satisfies(result -> assertThat(result.reason())
                .isEqualTo("not judged: the suite was interrupted; the task was delivered: use steptrail evaluate"));
        assertThat(again.ended(false)).as("is not tried again").hasSize(1);
    }

    @Test
    void changedCase_isFound_ifOnlyATaskThatWasNotJudgedHasRun() throws Exception {
        UUID task = UUID.randomUUID();
        journal.started(new TaskKey("x", 1, null), "other digest", task);
        Suite suite = suite("cases: [{id: x, instruction: i}]");
        assertThat(SuiteRunner.findChangedCase(suite, journal)).isNull();

        journal.finished(new TaskResult(
                task, "a", RunOutcome.SUCCEEDED, 1, Duration.ofSeconds(1), "It is done.", null, null, null));

        assertThat(SuiteRunner.findChangedCase(suite, journal)).isEqualTo("x");
    }

    /** Returns a suite with a case that this shell script judges. */
    private Suite suiteJudgedBy(String script) throws Exception {
        Path judge = Files.writeString(folder.resolve("judge.sh"), script);
        return suite("cases: [{id: x, instruction: i, evaluator: {command: [sh, %s], name: judge, version: 3}}]"
                .formatted(judge));
    }

    private Suite suiteWithInterruptedProgram() throws Exception {
        Suite suite = suiteJudgedBy("echo '{\"value\":\"pass\"}'");
        runner(suite, (phone, instruction, info, limits, listener) -> {
                    RunResult result = run(phone, info, listener, (same, unused) -> SUCCESS);
                    Thread.currentThread().interrupt(); // like stop(), after the end of the task
                    return result;
                })
                .run(phones, Set.of());
        return suite;
    }

    private Suite suiteWithBrokenProgram() throws Exception {
        Suite suite = suiteJudgedBy("echo broken >&2; exit 3");
        runner(suite, (phone, info) -> SUCCESS).run(phones, Set.of());
        Files.writeString(folder.resolve("judge.sh"), "echo '{\"value\":\"pass\",\"reason\":\"repaired\"}'");
        started.clear();
        return suite;
    }

    @Test
    void taskWhoseProgramFailed_isJudgedAgain_withoutRunningIt() throws Exception {
        Suite suite = suiteWithBrokenProgram();
        TaskResult failed = results().get(0);
        SuiteRunner again = runner(suite, MUST_NOT_RUN);

        assertThat(again.ended(false)).as("without --retry-errors").hasSize(1);
        again.run(phones, again.ended(true));

        assertThat(results()).containsExactly(failed.judged(Label.PASS, "repaired"));
        assertThat(again.ended(true)).as("has been judged").hasSize(1);
        assertThat(verdicts()).extracting(Verdict::value).containsExactlyInAnyOrder(Label.UNCLEAR, Label.PASS);
        journal.close();
        journal = SuiteJournal.open(outbox.folder(), "nightly", Map.of());
        assertThat(results()).as("in the file").extracting(TaskResult::reason).containsExactly("repaired");
    }

    @Test
    void taskThatIsJudgedAgain_whenTheSuiteIsStopped_keepsItsResult() throws Exception {
        Suite suite = suiteWithBrokenProgram();
        TaskResult failed = results().get(0);
        SuiteTask task = new SuiteTask(
                recording(suite),
                suite.cases().get(0),
                new TaskKey("x", 1, null),
                "a",
                Files.createDirectory(folder.resolve("temporary")));

        Thread.currentThread().interrupt();
        try {
            assertThat(task.judgeAgain(failed)).isEqualTo(failed);
        } finally {
            Thread.interrupted();
        }
        assertThat(results()).containsExactly(failed);
    }

    @Test
    void taskThatIsJudgedAgain_whenTheSuiteIsStoppedDuringTheProgram_keepsItsResult() throws Exception {
        Suite suite = suiteWithBrokenProgram();
        TaskResult failed = results().get(0);
        Path running = folder.resolve("running");
        Files.writeString(folder.resolve("judge.sh"), "touch " + running + "; sleep 60");
        SuiteRunner again = runner(suite, MUST_NOT_RUN);
        Thread stopping = new Thread(() -> {
            while (!Files.exists(running)) {
                Thread.onSpinWait();
            }
            again.stop();
        });
        stopping.start();

        again.run(phones, again.ended(true));

        stopping.join();
        assertThat(results()).containsExactly(failed);
        assertThat(verdicts()).as("the first one").hasSize(1);
    }

    @Test
    void interruptedTask_whoseVerdictIsLost_remainsOpenInTheJournal() throws Exception {
        SuiteRunner runner = runner(suite("cases: [{id: x, instruction: i}]"), (phone, info) -> {
            tracker.close();
            throw new InterruptedException("stopped");
        });

        assertThatThrownBy(() -> runner.run(phones, Set.of()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("the verdict on task .* could not be recorded");
        assertThat(journal.open()).hasSize(1);
    }

    @Test
    void taskWhoseProgramFailed_andThatWasDelivered_staysUnclear() throws Exception {
        Suite suite = suiteWithBrokenProgram();
        TaskResult failed = results().get(0);
        outbox.task(failed.task()).orElseThrow().remove();
        SuiteRunner again = runner(suite, (phone, info) -> SUCCESS);

        again.run(phones, again.ended(true));

        assertThat(results()).containsExactly(failed);
        assertThat(ended).last().satisfies(result -> assertThat(result.reason())
                .isEqualTo("not judged: the program exited with code 3: broken; the task was delivered: use steptrail"
                        + " evaluate"));
    }

    @Test
    void eachTask_beginsAtTheHomeScreen_unlessTheSuiteSaysNone() throws Exception {
        Ending ending = (phone, info) -> {
            inputs.add("task");
            return SUCCESS;
        };

        runOnOnePhone("repeats: 2\ncases: [{id: x, instruction: i}]", ending);
        assertThat(inputs).containsExactly("a HOME", "task", "a HOME", "task");
        inputs.clear();
        runOnOnePhone("before_each: none\ncases: [{id: y, instruction: i}]", ending);
        assertThat(inputs).containsExactly("task");
    }

    @Test
    void duration_isThatOfTheTask_withoutThePreparation() throws Exception {
        String prepare = "before_each: {command: [sh, -c, 'sleep 0.5']}\ncases: [{id: x, instruction: i}]";
        AtomicLong taskStarted = new AtomicLong();
        runner(suite(prepare), (phone, instruction, info, limits, listener) -> {
                    taskStarted.set(System.nanoTime());
                    return run(phone, info, listener, (same, unused) -> SUCCESS);
                })
                .run(List.of(phones.get(0)), Set.of());
        long sinceTaskStarted = System.nanoTime() - taskStarted.get();

        assertThat(results().get(0).duration().toNanos()).isLessThanOrEqualTo(sinceTaskStarted);
    }

    @Test
    void program_preparesThePhone() throws Exception {
        Path log = folder.resolve("log");
        Path reset = Files.writeString(folder.resolve("reset.sh"), "echo $ANDROID_SERIAL $STEPTRAIL_CASE >>" + log);
        runOnOnePhone(
                "before_each: {command: [sh, %s]}\ncases: [{id: x, instruction: i}]".formatted(reset),
                (phone, info) -> SUCCESS);

        assertThat(log).hasContent("serial-a x");
        assertThat(inputs).isEmpty();
        assertThat(results()).hasSize(1);
    }

    @Test
    void phoneThatCannotBePrepared_failsTheTask_whichCanBeRetried() throws Exception {
        broken = "a";
        Suite suite = suite("cases: [{id: x, instruction: i, expect: {message: done}}]");
        SuiteRunner runner = runner(suite, MUST_NOT_RUN);
        runner.run(List.of(phones.get(0)), Set.of());

        assertThat(results()).singleElement().satisfies(result -> {
            assertThat(result.outcome()).isEqualTo(RunOutcome.DEVICE_ERROR);
            assertThat(result.counts()).isEqualTo(Label.UNCLEAR);
            assertThat(result.reason()).isEqualTo("not judged: not started: no answer from a");
        });
        assertThat(runner.ended(true)).isEmpty();
        assertThat(verdicts()).singleElement().satisfies(verdict -> assertThat(verdict.value())
                .isEqualTo(Label.UNCLEAR));
    }

    @Test
    void programThatFailsToPrepare_isNamed_notThePhone() throws Exception {
        run(
                "before_each: {command: [sh, -c, 'echo no adb >&2; exit 1']}\ncases: [{id: x, instruction: i}]",
                (phone, info) -> SUCCESS);

        String message = "not started: before_each failed: the program exited with code 1: no adb";
        TaskResult result = results().get(0);
        assertThat(result.message()).isEqualTo(message);
        assertThat(result.counts()).isEqualTo(Label.UNCLEAR);
        assertThat(result.isInfrastructureError())
                .as("the phone is not to blame")
                .isFalse();
        assertThat(result.isRepeated(true)).isTrue();
        assertThat(result.isRepeated(false)).isFalse();
        SuiteResults report =
                new SuiteResults("nightly", List.copyOf(journal.ended().keySet()), journal.ended());
        assertThat(report.toText(ZoneOffset.UTC))
                .endsWith(
                        "1 of 1 task was not started (run by --retry-errors):",
                        "  1 task: before_each failed: the program exited with code 1: no adb");
        assertThat(report.toJson(id -> null).at("/tasks/0/outcome").asText()).isEqualTo("not_prepared");
        assertThat(new String(report.toJunit(), UTF_8)).contains("errors=\"1\"").contains("type=\"not_prepared\"");
        assertThat(verdicts()).extracting(Verdict::reason).containsExactly("not judged: " + message);
    }

    @Test
    void threeFailedPreparationsInARow_stopThePhone() throws Exception {
        runOnOnePhone(
                "repeats: 9\nbefore_each: {command: [sh, -c, 'exit 3']}\ncases: [{id: x, instruction: i}]",
                (phone, info) -> SUCCESS);

        assertThat(results()).hasSize(3);
        assertThat(stopped).containsExactly("a: not started: before_each failed: the program exited with code 3");
    }

    @Test
    void longMessage_isShortenedInTheReason() throws Exception {
        RunResult failure = new RunResult(TaskStatus.FAILED, EndReason.MODEL_ERROR, "m".repeat(100_000), 1, null);
        run("cases: [{id: x, instruction: i}]", (phone, info) -> failure);

        assertThat(verdicts()).singleElement().satisfies(verdict -> assertThat(verdict.reason())
                .hasSize(1_000));
    }

    @Test
    void changedCase_isFound_onlyIfTasksOfItHaveEnded() throws Exception {
        Suite before = suite("cases: [{id: x, instruction: i}]");
        Suite changed = suite("cases: [{id: x, instruction: other}]");
        assertThat(SuiteRunner.findChangedCase(changed, journal)).isNull();
        runner(before, (phone, info) -> SUCCESS).run(phones, Set.of());

        assertThat(SuiteRunner.findChangedCase(before, journal)).isNull();
        assertThat(SuiteRunner.findChangedCase(changed, journal)).isEqualTo("x");
        Suite limited = suite("max_steps: 3\ncases: [{id: x, instruction: i}]");
        assertThat(SuiteRunner.findChangedCase(limited, journal)).isEqualTo("x");
    }
}
