package dev.steptrail.cli.phone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.SteptrailTestBase;
import dev.steptrail.cli.SteptrailTestBase.Run;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoPhone.SecureScreen;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Interrupts;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code steptrail run} with the real adb, a simulated phone and a scripted model. */
@Tag("slow")
class RunIT extends PhoneLabTestBase {
    RunIT() {
        super(1);
    }

    private Run run(String... options) {
        String[] command = {"run", "Turn the volume up", "--wait-after-action", "0", "--reconnect-timeout", "1"};
        String[] all = Arrays.copyOf(command, command.length + options.length);
        System.arraycopy(options, 0, all, command.length, options.length);
        return lab.run(all);
    }

    private Path outbox() throws IOException {
        return folder.resolve("outbox").toRealPath();
    }

    private TaskEnded end() throws Exception {
        List<TaskEnded> ends = lab.records(TaskEnded.class);
        assertThat(ends).hasSize(1);
        return ends.get(0);
    }

    @Test
    void finishedTask_exitsWith0_andIsRecorded() throws Exception {
        lab.environment().put("STEPTRAIL_API", "https://steptrail.example/");
        Run run = run("--experiment", "prompt-8", "--case", "volume", "--repeat", "3");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        TaskStarted started = lab.records(TaskStarted.class).get(0);
        assertThat(run.out())
                .containsPattern("step 1   Tap 500,309 .*\\d tokens\\R")
                .containsPattern("step 2   finish .*\\R")
                .contains("succeeded: It is done.")
                .contains("task https://steptrail.example/tasks/" + started.taskId() + "  2 steps")
                .endsWith("recorded in " + outbox() + "; not delivered: run steptrail ship\n");
        assertThat(started.description()).isEqualTo("Turn the volume up");
        assertThat(started.deviceId()).isEqualTo(lab.phone(0).address());
        assertThat(started.model()).isEqualTo("autoglm-phone-9b");
        assertThat(started.experimentCase().caseId()).isEqualTo("volume");
        assertThat(lab.records(Step.class)).hasSize(2);
        assertThat(end().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void json_isOneObject_andProgressGoesToStandardError() throws Exception {
        Run run = run("--json", "--price", "CNY:2,8");

        JsonNode result = new ObjectMapper().readTree(run.out());
        assertThat(result.path("outcome").asText()).isEqualTo("succeeded");
        assertThat(result.path("steps").asInt()).isEqualTo(2);
        assertThat(result.path("task_id").asText())
                .isEqualTo(lab.records(TaskStarted.class).get(0).taskId().toString());
        assertThat(result.path("input_tokens").asInt()).isPositive();
        assertThat(result.path("output_tokens").asInt()).isPositive();
        assertThat(result.path("cost").decimalValue()).isPositive();
        assertThat(result.path("currency").asText()).isEqualTo("CNY");
        assertThat(run.out()).startsWith("{" + System.lineSeparator());
        assertThat(result.path("url").isNull()).as("the API is not known").isTrue();
        assertThat(run.err())
                .containsPattern("step 1 .*CNY 0\\.00")
                .endsWith("recorded in " + outbox() + "; not delivered: run steptrail ship\n");
    }

    @Test
    void undeliveredRecording_isNamedWithTheOptionOfTheOutbox_unlessAShipperRuns() throws Exception {
        Path other = folder.resolve("other");
        Outbox outbox = Outbox.open(other);

        assertThat(run("--outbox", other.toString()).out())
                .endsWith("; not delivered: run steptrail ship --outbox " + other + "\n");
        try (FolderLock unused = outbox.tryLock().orElseThrow()) {
            assertThat(run("--outbox", other.toString()).out()).doesNotContain("not delivered");
        }
    }

    @Test
    void mistakeInAFile_isReported_beforeAPhoneIsOpened_withoutNotices() throws Exception {
        assertThat(run().exitCode()).as("an earlier task is in the outbox").isZero();
        Path apps = Files.writeString(folder.resolve("apps.yaml"), "com.example.shop");

        for (String option : List.of("--system-prompt=none.txt", "--apps=none.yaml", "--apps=" + apps)) {
            Run run = run(option, "--device", "127.0.0.1:1");
            assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
            assertThat(run.err()).contains(option.replaceFirst("=.*", "") + ": ");
            assertThat(run.out()).isEmpty();
        }
    }

    @Test
    void limits_exitWith3() throws Exception {
        script = request -> TAP;
        Run run = run("--max-steps", "3");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).contains("step limit: not finished after 3 steps");
        assertThat(end().endReason()).isEqualTo(EndReason.MAX_STEPS);
        assertThat(run("--max-tokens", "10").exitCode()).isEqualTo(3);
        assertThat(run("--max-cost", "0.000001", "--price", "CNY:2,8").exitCode())
                .isEqualTo(3);
    }

    static Stream<Arguments> repliesThatEndTheTask() {
        return Stream.of(
                Arguments.of(DemoReply.error(401), 4, EndReason.MODEL_ERROR, "no action +\\d\\.\\d s  ", "model error"),
                Arguments.of(
                        DemoReply.text("I do not know what to do."),
                        5,
                        EndReason.UNPARSEABLE_REPLY,
                        "no action +\\d\\.\\d s  ",
                        "unparseable reply"),
                Arguments.of(
                        DemoReply.text("do(action=\"Take_over\", message=\"Please sign in\")"),
                        7,
                        EndReason.ENDED_WITHOUT_FINISH,
                        "Take_over message=Please sign in +\\d\\.\\d s +\\d+ tokens  ",
                        "user needed"));
    }

    @ParameterizedTest
    @MethodSource("repliesThatEndTheTask")
    void replyThatEndsTheTask_hasItsExitCode(
            DemoReply reply, int exitCode, EndReason reason, String step, String outcome) throws Exception {
        script = request -> reply;
        Run run = run();

        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(end().status()).isEqualTo(TaskStatus.FAILED);
        assertThat(end().endReason()).isEqualTo(reason);
        assertThat(run.out())
                .containsPattern("step 1   " + step + outcome + "\\R")
                .contains(outcome + ": ");
    }

    @Test
    void missingPhone_exitsWith6_andRecordsNothing() throws Exception {
        Run run = run("--device", "127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(6);
        assertThat(run.err()).contains("127.0.0.1:1");
        assertThat(folder.resolve("outbox")).doesNotExist();
        Run tap = lab.run("tap", "1", "2", "--device", "127.0.0.1:1");
        assertThat(tap.exitCode()).isEqualTo(6);
        assertThat(tap.err()).isEqualTo(run.err());
    }

    @Test
    void phoneThatIsNotReady_exitsWith6_andNeitherAsksTheModelNorRecords() throws Exception {
        String serial = lab.phone(0).address();
        lab.phone(0).setLocked(true);
        for (Run run : List.of(run(), run("--dry-run"))) {
            assertThat(run.exitCode()).isEqualTo(6);
            assertThat(run.err()).startsWith("steptrail: " + serial + ": locked: unlock it");
        }
        lab.phone(0).setLocked(false);
        assertThat(lab.run("press", "sleep").exitCode()).isZero();
        assertThat(run().err())
                .startsWith("steptrail: " + serial + ": screen off: run 'steptrail press wake --device " + serial);

        assertThat(lab.model().requests()).isEmpty();
        assertThat(folder.resolve("outbox")).doesNotExist();
    }

    @Test
    void lostPhone_exitsWith6_andTheTaskEnds() throws Exception {
        script = request -> {
            lab.phone(0).close();
            return TAP;
        };

        assertThat(run().exitCode()).isEqualTo(6);
        assertThat(end().status()).isEqualTo(TaskStatus.FAILED);
    }

    @Test
    void dryRun_asksOnce_andNeitherTouchesThePhoneNorRecords() throws Exception {
        Run run = run("--dry-run");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("thinking: I tap.").contains("action:   Tap 500,309 (not executed)");
        assertThat(lab.model().requests()).hasSize(1);
        assertThat(lab.phone(0).commands())
                .map(DemoPhone.Command::line)
                .endsWith("screencap -p", "dumpsys window")
                .allMatch(line ->
                        line.startsWith("dumpsys ") || line.startsWith("ime list ") || line.startsWith("screencap "));
        assertThat(folder.resolve("outbox")).doesNotExist();
    }

    @Test
    void dryRun_printsTheFinalMessage_theTimeAndTheCost() throws Exception {
        script = request -> DemoReply.text("finish(message=\"It is done.\")");
        String[] options = {"--dry-run", "--price", "CNY:2,8", "--json"};

        assertThat(run(Arrays.copyOf(options, 3)).out())
                .doesNotContain("thinking")
                .contains("action:   finish: It is done.")
                .containsPattern("model:    \\d\\.\\d s +\\d+ tokens  CNY 0\\.\\d{4}");
        JsonNode json = new ObjectMapper().readTree(run(options).out());
        assertThat(json.path("message").asText()).isEqualTo("It is done.");
        assertThat(json.path("cost").decimalValue()).isPositive();
        assertThat(json.has("model_ms")).isTrue();
    }

    @Test
    void emptySystemPrompt_andEmptyCase_areWrongUsage() throws Exception {
        Path file = Files.writeString(folder.resolve("prompt.txt"), " \n");

        Run prompt = run("--system-prompt", file.toString());
        assertThat(prompt.exitCode()).isEqualTo(2);
        assertThat(prompt.err()).contains("--system-prompt: " + file + " is empty");
        Run noCase = run("--experiment", "e", "--case", "");
        assertThat(noCase.exitCode()).isEqualTo(2);
        assertThat(noCase.err()).contains("--case must have 1 to 200 characters, but is ''");
    }

    @Test
    void sensitiveScreen_isRecordedAsSensitive() throws Exception {
        lab.phone(0).setSecureScreen(SecureScreen.BLACK);

        assertThat(run().exitCode()).isZero();
        assertThat(lab.records(Step.class))
                .allSatisfy(step -> assertThat(step.frames()).isNotEmpty().allMatch(frame -> frame.sensitive()));
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void signal_endsTheTaskAsCancelled(String signal, int exitCode) throws Exception {
        script = request -> TAP;
        Path out = Files.createFile(folder.resolve("out.txt"));
        ProcessBuilder builder = JavaProcess.of(
                        Steptrail.class,
                        "run",
                        "Turn the volume up",
                        "--wait-after-action",
                        "20",
                        "--max-steps",
                        "9999")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.command().addAll(0, Interrupts.RESTORED);
        builder.environment().putAll(lab.environment());
        Process process = builder.start();
        try {
            while (Files.readString(out).lines().count() < 3) {
                assertThat(process.isAlive()).as(Files.readString(out)).isTrue();
                Thread.sleep(20);
            }
            Interrupts.send(signal, process);

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(exitCode);
            assertThat(end().status()).isEqualTo(TaskStatus.CANCELLED);
            assertThat(Files.readString(out))
                    .contains("cancelled: interrupted")
                    .as("the recording and the phone are closed before the process ends")
                    .endsWith("recorded in " + outbox() + "; not delivered: run steptrail ship\n");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void signal_whileThePhoneIsOpened_endsTheCommand() throws Exception {
        Path suite = Files.writeString(
                folder.resolve("suite.yaml"), "experiment: e\ncases: [{id: a, instruction: Turn the volume up}]");
        for (String[] command : new String[][] {{"run", "x"}, {"run", "--suite", suite.toString()}}) {
            Path out = folder.resolve("out.txt");
            try (ServerSocket silent = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
                ProcessBuilder builder = JavaProcess.of(Steptrail.class, command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile());
                builder.environment().putAll(lab.environment());
                builder.environment().put("ANDROID_ADB_SERVER_PORT", String.valueOf(silent.getLocalPort()));
                Process process = builder.start();
                try (Socket unused = silent.accept()) {
                    process.destroy(); // SIGTERM
                    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                } finally {
                    process.destroyForcibly();
                }
                assertThat(process.exitValue()).isEqualTo(143);
                assertThat(out)
                        .as("an interruption, not that the adb server does not answer")
                        .isEmptyFile();
            }
        }
        assertThat(folder.resolve("outbox")).doesNotExist();
    }

    @Test
    void wrongUsage_exitsWith2() {
        for (String arguments : List.of(
                "run",
                "run x --suite y",
                "run x --max-steps 0",
                "run x --max-cost 1",
                "run x --price CNY --demo-phone",
                "run x --case c",
                "run x --junit f",
                "run x --demo-phone --device y",
                "run --suite s --device y --device y",
                "run x --retry-errors",
                "run --suite none.yaml")) {
            Run run = SteptrailTestBase.run(
                    Map.of("STEPTRAIL_MODEL_URL", "http://127.0.0.1:1", "HOME", folder.toString()),
                    arguments.split(" "));
            assertThat(run.exitCode()).as(arguments + run.err()).isEqualTo(2);
            assertThat(run.err().lines()).as(arguments).hasSize(1);
        }
        assertThat(SteptrailTestBase.run(Map.of("HOME", folder.toString()), "run", "x")
                        .err())
                .contains("missing model (expected --model-url or STEPTRAIL_MODEL_URL");
        assertThat(SteptrailTestBase.run(Map.of("HOME", folder.toString()), "run", "", "--demo-phone")
                        .err())
                .contains("INSTRUCTION is empty");
    }

    @Test
    void demoPhone_needsNeitherAdbNorModel() {
        Run run = SteptrailTestBase.run(
                Map.of("HOME", folder.toString()), "run", "Turn the volume up", "--demo-phone", "--max-steps", "2");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
        assertThat(run.out()).containsPattern("step 1   Launch app=Settings .*\\R");
    }
}
