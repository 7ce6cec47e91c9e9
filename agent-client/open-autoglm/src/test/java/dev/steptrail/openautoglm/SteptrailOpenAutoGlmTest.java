package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Python file, run by a real Python on the loop of an Open-AutoGLM agent whose phone and model follow a script. */
class SteptrailOpenAutoGlmTest {
    private static final String TASK = "查一下今天的天气";

    @TempDir
    private Path folder;

    @BeforeAll
    static void pythonIsThere() throws InterruptedException {
        assumeTrue(
                runs("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 10))"),
                "skipped: tracking Open-AutoGLM needs python3, 3.10 or later");
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Scenario play(String name) throws Exception {
        return Scenario.play(name, folder.resolve("outbox"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "finished",
                "model_error",
                "unparseable",
                "max_steps",
                "action_raises",
                "interrupted",
                "phone_is_away",
                "refused",
                "allowed",
                "step_by_step",
                "no_picture",
                "garbage",
                "exits",
                "subclass",
                "full_disk"
            })
    void tracking_changesNeitherWhatIsReturnedOrRaised_norWhatIsAskedOfThePhone(String name) throws Exception {
        JsonNode told = play(name).told();

        assertThat(told.get("tracked")).isEqualTo(told.get("plain"));
        assertThat(told.get("tracked").get("outcomes")).isNotEmpty();
    }

    @Test
    void run_isRecorded_withAllThatTheAgentKnew() throws Exception {
        Scenario run = play("finished");

        TaskStarted started = run.only(TaskStarted.class);
        assertThat(run.records().get(0)).isEqualTo(started);
        assertThat(run.told().get("task_id").asText())
                .isEqualTo(started.taskId().toString());
        assertThat(started.taskId().version()).isEqualTo(7);
        assertThat(started.description()).isEqualTo(TASK);
        assertThat(started.agent()).isEqualTo("Open-AutoGLM");
        assertThat(started.model()).isEqualTo("autoglm-phone-9b");
        assertThat(started.deviceId()).isEqualTo("emulator-5554");
        assertThat(started.metadata()).containsEntry("lab", "north").containsEntry("max_steps", 100);
        assertThat(run.lines(run.folder())).noneMatch(line -> line.contains("a-secret-key"));

        List<Step> steps = run.steps();
        assertThat(steps).extracting(Step::stepNumber).containsExactly(1, 2, 3, 4);
        Step launch = steps.get(0);
        assertThat(launch.stepType()).isEqualTo(StepType.ACTION);
        assertThat(launch.thinking()).isEqualTo("想一想");
        assertThat(launch.action()).isEqualTo(Map.of("_metadata", "do", "action", "Launch", "app", "天气"));
        assertThat(launch.success()).isFalse();
        assertThat(launch.errorMessage()).isEqualTo("App not found: 天气");
        assertThat(launch.actionResult()).containsEntry("message", "App not found: 天气");
        assertThat(launch.timings())
                .containsEntry("time_to_first_token_ms", 410)
                .containsEntry("time_to_thinking_end_ms", 1500)
                .containsEntry("model_ms", 2300)
                .containsKeys("screenshot_ms", "action_ms");
        assertThat(launch.duration()).isNotNull();
        assertThat(steps.get(1).action()).containsEntry("element", List.of(499, 842));
        assertThat(steps.get(2).action()).containsEntry("action", "Take_over");
        assertThat(steps.get(2).timings()).containsKey("take_over_ms");
        assertThat(steps.get(3).stepType()).isEqualTo(StepType.COMPLETION);
        assertThat(steps.get(3).success()).isTrue();
        assertEnds(run, TaskStatus.SUCCEEDED, Ending.FINISHED, "Done: 21 度", 4);
    }

    @Test
    void screenshot_isTheOneThatTheAgentTook_withItsSizeAndWhetherItIsSensitive() throws Exception {
        Scenario run = play("finished");

        for (Step step : run.steps()) {
            assertThat(step.frames()).hasSize(1);
            Frame frame = step.frames().get(0);
            assertThat(frame.role()).isEqualTo(FrameRole.BEFORE);
            assertThat(frame.file()).isEqualTo("frames/" + step.stepNumber() + "-before.png");
            assertThat(List.of(frame.width(), frame.height())).containsExactly(54, 120);
            assertThat(frame.sensitive()).isEqualTo(step.stepNumber() == 3);
            assertThat(Files.readAllBytes(run.folder().resolve(frame.file()))).startsWith(0x89, 'P', 'N', 'G');
        }
        assertThat(run.told().get("tracked").get("phone"))
                .filteredOn(call -> call.asText().equals("get_screenshot"))
                .hasSize(4);
    }

    @Test
    void modelError_isAFailedStep_andEndsTheTask() throws Exception {
        Scenario run = play("model_error");

        Step last = run.steps().get(1);
        assertThat(last.stepType()).isEqualTo(StepType.ERROR);
        assertThat(last.success()).isFalse();
        assertThat(last.errorMessage()).isEqualTo("the model is away");
        assertThat(last.frames()).hasSize(1);
        assertThat(last.timings()).containsKey("model_ms");
        assertEnds(run, TaskStatus.FAILED, Ending.MODEL_ERROR, "Model error: the model is away", 2);
    }

    @Test
    void unparseableReply_isAFailedStep_thoughTheAgentCallsItFinished() throws Exception {
        Scenario run = play("unparseable");

        Step last = run.steps().get(1);
        assertThat(last.stepType()).isEqualTo(StepType.ERROR);
        assertThat(last.success()).isFalse();
        assertThat(last.action()).containsEntry("message", "我不知道该怎么办");
        assertThat(last.errorMessage()).contains("could not be parsed");
        assertEnds(run, TaskStatus.FAILED, Ending.UNPARSEABLE_REPLY, "我不知道该怎么办", 2);
    }

    @Test
    void runThatReachesMaxSteps_endsSo() throws Exception {
        assertEnds(play("max_steps"), TaskStatus.FAILED, Ending.MAX_STEPS, "Max steps reached", 3);
    }

    @Test
    void actionThatRaises_isAFailedStep_thoughTheAgentCallsItFinished() throws Exception {
        Scenario run = play("action_raises");

        Step last = run.steps().get(1);
        assertThat(last.stepType()).isEqualTo(StepType.ACTION);
        assertThat(last.action()).containsEntry("action", "Explode");
        assertThat(last.success()).isFalse();
        assertThat(last.errorMessage()).isEqualTo("adb: device offline");
        assertEnds(run, TaskStatus.FAILED, Ending.ENDED_WITHOUT_FINISH, "adb: device offline", 2);
    }

    @Test
    void interruptedRun_isCancelled_andItsLastActionIsKept() throws Exception {
        Scenario run = play("interrupted");

        assertThat(run.steps().get(1).action()).containsEntry("action", "Interrupt");
        assertThat(run.steps().get(1).success()).isFalse();
        assertEnds(run, TaskStatus.CANCELLED, Ending.CANCELLED, "KeyboardInterrupt", 2);
    }

    @Test
    void phoneThatIsAway_isAFailedStepWithoutAPicture() throws Exception {
        Scenario run = play("phone_is_away");

        assertThat(run.steps().get(1).stepType()).isEqualTo(StepType.ERROR);
        assertThat(run.steps().get(1).frames()).isEmpty();
        assertEnds(run, TaskStatus.FAILED, Ending.ENDED_WITHOUT_FINISH, "adb", 2);
    }

    @Test
    void sensitiveAction_tellsWhetherAPersonAllowedIt() throws Exception {
        Scenario refused = play("refused");
        assertThat(refused.steps().get(0).actionResult()).containsEntry("confirmed", false);
        assertThat(refused.steps().get(0).timings()).containsKey("confirmation_ms");
        assertEnds(refused, TaskStatus.CANCELLED, Ending.CANCELLED, "User cancelled sensitive operation", 1);

        Scenario allowed = Scenario.play("allowed", folder.resolve("allowed"));
        assertThat(allowed.steps().get(0).actionResult()).containsEntry("confirmed", true);
        assertThat(allowed.steps().get(0).success()).isTrue();
    }

    @Test
    void stepByStep_aTaskBeginsWithItsFirstStep_andContinuesAfterItsEnd() throws Exception {
        List<Path> folders = play("step_by_step").folders();
        assertThat(folders).hasSize(3);

        List<StepRecord> reset = recordsOf(folders, TASK);
        assertThat(reset).filteredOn(Step.class::isInstance).hasSize(2);
        assertThat(((TaskEnded) reset.get(3)).status()).isEqualTo(TaskStatus.CANCELLED);

        List<Path> others =
                folders.stream().filter(path -> !name(path).equals(idOf(reset))).toList();
        TaskStarted first = (TaskStarted) Scenario.records(others.get(0)).get(0);
        TaskStarted second = (TaskStarted) Scenario.records(others.get(1)).get(0);
        TaskStarted more = first.continues() == null ? second : first;
        assertThat(more.continues()).isEqualTo((more == first ? second : first).taskId());
        assertThat(more.description()).isEqualTo("another task");
    }

    private static List<StepRecord> recordsOf(List<Path> folders, String description) throws IOException {
        for (Path task : folders) {
            List<StepRecord> records = Scenario.records(task);
            if (description.equals(((TaskStarted) records.get(0)).description())) {
                return records;
            }
        }
        throw new AssertionError("no task " + description);
    }

    private static String idOf(List<StepRecord> records) {
        return records.get(0).taskId().toString();
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    @Test
    void afterFrames_areTakenWhenAskedFor_butNotAfterTheEnd() throws Exception {
        Scenario run = play("after_frames");

        assertThat(run.steps().get(0).frames())
                .extracting(Frame::role)
                .containsExactly(FrameRole.BEFORE, FrameRole.AFTER);
        assertThat(run.steps().get(1).frames()).extracting(Frame::role).containsExactly(FrameRole.BEFORE);
        assertThat(run.told().get("tracked").get("outcomes"))
                .isEqualTo(run.told().get("plain").get("outcomes"));
    }

    @Test
    void afterFrameThatFails_isCounted_andTheRunGoesOn() throws Exception {
        Scenario run = play("after_frame_fails");

        assertThat(run.told().get("tracked").get("outcomes").get(0).asText()).contains("Done");
        assertThat(run.only(Losses.class).droppedScreenshots()).isEqualTo(Map.of("not_captured", 1L));
    }

    @Test
    void pictureThatIsNone_costsThePictureAlone() throws Exception {
        Scenario run = play("no_picture");

        assertThat(run.steps()).hasSize(2).allMatch(step -> step.frames().isEmpty());
        List<Losses> losses = run.all(Losses.class);
        assertThat(losses.get(losses.size() - 1).droppedScreenshots()).isEqualTo(Map.of("not_an_image", 2L));
        assertThat(run.told().get("logged")).as("said once").hasSize(1);
    }

    @Test
    void actionThatNoJsonCanHold_isRecordedAsWellAsItCanBe() throws Exception {
        Scenario run = play("garbage");

        assertThat(run.steps()).hasSize(3);
        assertThat(run.steps().get(0).action())
                .containsEntry("a", "inf")
                .containsEntry("b", "b'\\x00'")
                .containsEntry("e", "\uFFFD")
                .containsEntry("g", "1j");
        assertThat(run.told().get("stats").get("dropped_steps")).isEmpty();
    }

    @Test
    void processThatEnds_orAgentThatIsDiscarded_leavesItsTaskAbandoned() throws Exception {
        assertEnds(play("exits"), TaskStatus.ABANDONED, Ending.ABANDONED, "the process ended before the task did", 1);

        Scenario discarded = Scenario.play("discarded", folder.resolve("discarded"));
        assertThat(discarded.told().get("thread_ended").asBoolean()).isTrue();
        String message = "the agent was discarded before the task ended";
        assertEnds(discarded, TaskStatus.ABANDONED, Ending.ABANDONED, message, 1);
    }

    @Test
    void agent_waitsForNoDisk() throws Exception {
        Scenario run = play("stuck_disk"); // ends only if the agent's run returns while no write does

        assertThat(run.told().get("flushed").asBoolean()).isTrue();
        assertThat(run.steps()).hasSize(4);
    }

    @Test
    void tornLine_spoilsNoOther_andTheLostStepIsCounted() throws Exception {
        Scenario run = play("full_disk");

        List<String> lines = Scenario.lines(run.folder());
        assertThat(lines.get(2)).as("torn").hasSize(20);
        assertThat(lines)
                .filteredOn(line -> line.contains("\"losses\""))
                .singleElement()
                .asString()
                .contains("\"dropped_steps\": {\"outbox_unwritable\": 1}");
        assertThat(lines).filteredOn(line -> line.contains("\"step_number\"")).hasSize(3);
        assertThat(lines.get(lines.size() - 1)).contains("\"task_ended\"", "\"last_step_number\": 4");
    }

    @Test
    void outboxThatIsGone_costsTheSteps_andTheAgentGoesOn() throws Exception {
        JsonNode told = play("lost_outbox").told();

        assertThat(told.get("results")).hasSize(1);
        assertThat(told.get("stats")
                        .get("dropped_steps")
                        .get("outbox_unwritable")
                        .asInt())
                .isEqualTo(40);
        assertThat(told.get("stats").get("last_error").asText()).contains("NotADirectoryError");
        assertThat(told.get("logged")).as("said once").hasSize(1);
    }

    @Test
    void queueThatIsFull_dropsPicturesFirst_thenSteps_andKeepsTheEnd() throws Exception {
        Scenario run = play("full_queue");

        assertThat(run.steps()).extracting(Step::stepNumber).containsExactly(1, 2, 3);
        assertThat(run.steps()).extracting(step -> step.frames().size()).containsExactly(1, 1, 0);
        Losses losses = run.only(Losses.class);
        assertThat(losses.droppedSteps()).isEqualTo(Map.of("queue_full", 3L));
        assertThat(losses.droppedScreenshots()).isEqualTo(Map.of("frame_queue_full", 1L));
        assertEnds(run, TaskStatus.SUCCEEDED, Ending.FINISHED, "Done: 21 度", 6);
    }

    @Test
    void twoAgentsOnTwoThreads_withOneModelClient_areTwoTasks() throws Exception {
        List<Path> folders = play("two_agents").folders();

        assertThat(folders).hasSize(2);
        for (Path task : folders) {
            List<StepRecord> records = Scenario.records(task);
            assertThat(records)
                    .filteredOn(Step.class::isInstance)
                    .hasSize(20)
                    .allMatch(step -> ((Step) step).frames().size() == 1);
            assertThat(((TaskEnded) records.get(21)).ending()).isEqualTo(Ending.MAX_STEPS);
        }
    }

    @Test
    void outbox_isForItsOwnerAlone() throws Exception {
        Scenario run = play("finished");
        Path task = run.folder();

        for (Path path : List.of(run.outbox(), task, task.resolve("frames"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
        for (String file : List.of("steps.jsonl", "writer.lock", "frames/1-before.png")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(task.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void whatCannotBeTracked_isRefusedWithTheReason() throws Exception {
        JsonNode told = play("refusals").told();

        assertThat(told.get("no_agent").asText()).startsWith("TypeError: object is no Open-AutoGLM PhoneAgent");
        assertThat(told.get("twice").asText()).isEqualTo("ValueError: this agent is tracked already");
        assertThat(told.get("no_folder").asText()).startsWith("FileExistsError");
    }

    private static void assertEnds(Scenario run, TaskStatus status, Ending ending, String message, int lastStep)
            throws IOException {
        TaskEnded ended = run.only(TaskEnded.class);
        assertThat(run.records()).endsWith(ended);
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.ending()).isEqualTo(ending);
        assertThat(ended.message()).isEqualTo(message);
        assertThat(ended.lastStepNumber()).isEqualTo(lastStep);
    }
}
