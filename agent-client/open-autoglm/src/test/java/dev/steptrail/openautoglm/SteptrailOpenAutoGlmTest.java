package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tracking does not change an agent's behaviour, and separates its tasks however it is run. */
@Tag("slow")
class SteptrailOpenAutoGlmTest extends PlaysScenarios {
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
                "returns_early",
                "full_disk",
                "torn_line",
                "unprintable_values",
                "silent_model_error",
                "silent_phone_error",
                "unreadable_screenshot",
                "screenshot_of_unknown_sensitivity",
                "undecided_person",
                "redacted_texts",
                "failing_text_redactor",
                "redacted_regions",
                "chosen_redaction"
            })
    void tracking_doesNotChangeResultsExceptionsOrPhoneCalls(String name) throws Exception {
        JsonNode output = play(name).output();

        assertThat(output.get("tracked")).isEqualTo(output.get("plain"));
        assertThat(output.get("tracked").get("outcomes")).isNotEmpty();
    }

    @Test
    void stepByStep_taskStartsWithFirstStep_andContinuesAfterEnd() throws Exception {
        List<Path> folders = play("step_by_step").folders();
        assertThat(folders).hasSize(3);

        List<StepRecord> reset = recordsOf(folders, null, TASK);
        assertThat(reset).filteredOn(Step.class::isInstance).hasSize(2);
        assertThat(((TaskEnded) reset.get(3)).status()).isEqualTo(TaskStatus.CANCELLED);

        List<Path> others =
                folders.stream().filter(path -> !name(path).equals(idOf(reset))).toList();
        TaskStarted first = (TaskStarted) Scenario.records(others.get(0)).get(0);
        TaskStarted second = (TaskStarted) Scenario.records(others.get(1)).get(0);
        TaskStarted more = first.previousTaskId() == null ? second : first;
        assertThat(more.previousTaskId()).isEqualTo((more == first ? second : first).taskId());
        assertThat(more.description()).isEqualTo("another task");
    }

    private static List<StepRecord> recordsOf(List<Path> folders, UUID previousTaskId, String description)
            throws IOException {
        for (Path task : folders) {
            List<StepRecord> records = Scenario.records(task);
            TaskStarted started = (TaskStarted) records.get(0);
            if (description.equals(started.description()) && Objects.equals(previousTaskId, started.previousTaskId())) {
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
    void agent_doesNotWaitForDisk() throws Exception {
        Scenario run = play("stuck_disk"); // ends only if the agent's run does not wait for a write

        assertThat(run.output().get("flushed").asBoolean()).isTrue();
        assertThat(run.steps()).hasSize(4);
    }

    @Test
    void step_takesLittleTimeOfAgentThread() throws Exception {
        JsonNode output = play("cost_of_a_step").output();

        System.out.printf(
                "A step with a screenshot of 1080x2400: %.3f ms of the agent's thread, without tracking %.3f ms%n",
                output.get("tracked_ms").asDouble(), output.get("plain_ms").asDouble());
        assertThat(output.get("flushed").asBoolean()).isTrue();
        assertThat(output.get("logged")).isEmpty();
    }

    @Test
    void twoAgentsWithSharedModelClient_recordTwoTasks() throws Exception {
        List<Path> folders = play("two_agents").folders();

        assertThat(folders).hasSize(2);
        for (Path task : folders) {
            List<StepRecord> records = Scenario.records(task);
            assertThat(records)
                    .filteredOn(Step.class::isInstance)
                    .hasSize(20)
                    .allMatch(step -> ((Step) step).frames().size() == 1);
            assertThat(((TaskEnded) records.get(21)).endReason()).isEqualTo(EndReason.MAX_STEPS);
        }
    }

    @Test
    void forkedAgent_recordsSeparateTasks_andParentKeepsItsOwn() throws Exception {
        assumeTrue(runs("python3", "-c", "import os; os.fork"), "skipped: no process can be forked here");
        Scenario run = play("forked");
        assertThat(run.output().get("exits")).extracting(JsonNode::asInt).containsExactly(0, 0, 0);
        assertThat(run.output().get("stats").get("written").asInt()).isEqualTo(3);

        List<Path> folders = run.folders();
        assertThat(folders).hasSize(4);
        List<StepRecord> parents = recordsOf(folders, null, TASK);
        assertThat(idOf(parents)).isEqualTo(run.output().get("task_id").asText());
        assertStepsAndEnd(parents, 3, EndReason.FINISHED);
        assertStepsAndEnd(recordsOf(folders, null, "the child's task"), 2, EndReason.FINISHED);
        assertStepsAndEnd(recordsOf(folders, null, "a task of the child's own agent"), 2, EndReason.FINISHED);
        assertStepsAndEnd(recordsOf(folders, parents.get(0).taskId(), TASK), 1, EndReason.ABANDONED);
    }

    private static void assertStepsAndEnd(List<StepRecord> records, int steps, EndReason endReason) {
        assertThat(records).filteredOn(Step.class::isInstance).hasSize(steps);
        assertThat(((TaskEnded) records.get(records.size() - 1)).endReason()).isEqualTo(endReason);
    }

    @Test
    void relativeOutbox_workingDirectoryChanges_staysInPlace() throws Exception {
        Scenario run = play("changed_directory");

        assertThat(run.steps()).extracting(Step::stepNumber).containsExactly(1, 2);
        assertThat(run.output().get("elsewhere")).isEmpty();
    }

    @Test
    void outbox_isAccessibleOnlyToOwner() throws Exception {
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
    void invalidArguments_areRejectedWithReason() throws Exception {
        JsonNode output = play("refusals").output();

        assertThat(output.get("no_agent").asText()).startsWith("TypeError: object is not an Open-AutoGLM PhoneAgent");
        assertThat(output.get("twice").asText()).isEqualTo("ValueError: this agent is already tracked");
        assertThat(output.get("no_folder").asText()).startsWith("FileExistsError");
        assertThat(output.get("no_redactor").asText()).isEqualTo("TypeError: redact_text must be callable");
        assertThat(output.get("no_room").asText())
                .isEqualTo("ValueError: max_outbox_bytes must be 1048576 (1 MiB) or more, but is 1");
        assertThat(output.get("no_rectangle").asText()).startsWith("TypeError: redact_screenshot must be callable or");
    }
}
