package dev.steptrail.cli.shipping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.SteptrailTestBase;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxQuota;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import dev.steptrail.tracker.internal.outbox.VerdictRecorder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/** The output of steptrail status. */
@Tag("slow")
class StatusIT extends SteptrailTestBase {
    @Test
    void status_doesNotBlockShipper() throws Exception {
        write();
        try (FolderLock lock = Outbox.open(outbox).tryLock().orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(run(Map.of(), "status", "--outbox", outbox.toString()).out())
                    .contains("shipper  running");
        }
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                run(Map.of(), "status", "--outbox", outbox.toString());
            }
        });
        for (int i = 0; i < 10; i++) {
            assertThat(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()))
                    .extracting(Run::exitCode, Run::err)
                    .containsExactly(0, "");
        }
        enough.set(true);
        looking.get(60, TimeUnit.SECONDS);
    }

    @Test
    void withoutOption_outboxOfEnvironmentIsUsed() throws Exception {
        Files.createDirectories(outbox);
        Run run = run(aws.environment("STEPTRAIL_OUTBOX", outbox.toString()), "status");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("outbox   " + outbox)
                .contains("shipper  not running")
                .contains("sender   sender (STEPTRAIL_SENDER)")
                .contains("tasks    0");
    }

    @Test
    void readOnlyOutbox_isReported_andNamedByDoctor() throws Exception {
        write();
        String path = outbox.toString();
        boolean mounted = makeReadOnly();
        try {
            Run status = run(aws.environment(), "status", "--outbox", path);
            assertThat(status.err()).isEmpty();
            assertThat(status.exitCode()).isZero();
            assertThat(status.out()).contains("tasks    1");

            Run doctor = run(aws.environment(), "doctor", "--outbox", path);
            assertThat(doctor.exitCode()).isEqualTo(1);
            assertThat(doctor.out()).contains("ok   queue: ", "FAIL outbox: " + path + " is not writable");
        } finally {
            assertThat(mounted ? succeeds("umount", path) : outbox.toFile().setWritable(true))
                    .isTrue();
        }
    }

    /**
     * Makes the outbox read-only by its mode or, for root, which ignores the mode, by a mount. Returns whether it is
     * mounted.
     */
    private boolean makeReadOnly() throws InterruptedException {
        if (outbox.toFile().setWritable(false) && !Files.isWritable(outbox)) {
            return false;
        }
        String path = outbox.toString();
        if (!succeeds("mount", "--bind", path, path) || !succeeds("mount", "-o", "remount,bind,ro", path)) {
            throw new TestAbortedException("skipped: a folder cannot be made read-only here");
        }
        return true;
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    @Test
    void unshippableFolders_areListed_andLeftoversOfImportAreRemovedByNextShip() throws Exception {
        write();
        Path misnamed = Files.createDirectory(outbox.resolve("0190163D-8694-739B-AEA5-966C26F8AD92"));
        Files.createFile(misnamed.resolve("steps.jsonl"));
        Path left = Files.createDirectory(outbox.resolve(".0190163d-8694-739b-aea5-966c26f8ad93.tmp"));
        Files.createFile(left.resolve("writer.lock"));
        Files.write(left.resolve("screen"), new byte[1234]);
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(3700)));

        assertThat(run(aws.environment(), "status", "--outbox", outbox.toString())
                        .out())
                .contains("problem  " + misnamed
                        + ": not shipped, because the name is not a task id; rename it to the task's lowercase UUID")
                .contains("problem  " + left + ": 1234 bytes of an interrupted import");

        assertThat(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString())
                        .exitCode())
                .isZero();
        assertThat(left).doesNotExist();
        assertThat(misnamed).exists();
    }

    @Test
    void status_showsBacklog() throws Exception {
        write();
        try (TaskWriter writer = Outbox.open(outbox).newTask(new UUID(0, 1))) {
            writer.append(new TaskRecords(new UUID(0, 1)).started());

            Run run = run(Map.of(), "status", "--outbox", outbox.toString());

            assertThat(run.out()).contains("tasks    2");
            assertThat(run.out().lines().filter(line -> line.startsWith(TASK.toString())))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("  stopped  "));
            assertThat(run.out().lines().filter(line -> line.startsWith(new UUID(0, 1).toString())))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("  running  "));
        }
    }

    @ParameterizedTest
    @CsvSource({"status, 1970-01-01T08:00:00+08:00", "status --utc, 1970-01-01T00:00:00Z"})
    void status_inSeparateProcess_usesTimeZoneOfEnvironment(String arguments, String expected) throws Exception {
        write();
        Files.setLastModifiedTime(outbox.resolve(TASK.toString()).resolve("steps.jsonl"), FileTime.fromMillis(0));
        ProcessBuilder command = JavaProcess.of(Steptrail.class, arguments.split(" "));
        command.environment().putAll(Map.of("TZ", "Asia/Shanghai", "STEPTRAIL_OUTBOX", outbox.toString()));

        try (BufferedReader out = command.start().inputReader(UTF_8)) {
            assertThat(out.lines())
                    .last()
                    .asString()
                    .startsWith(TASK.toString())
                    .endsWith(expected);
        }
    }

    @Test
    void status_showsProblemOfShipper_asTextAndJson() throws Exception {
        write();
        aws.deleteQueue();
        assertThat(run(aws.environment(), "ship", "--once", "--outbox", outbox.toString())
                        .exitCode())
                .isEqualTo(1);

        String text = run(Map.of(), "status", "--outbox", outbox.toString()).out();
        assertThat(text).containsPattern("problem  since \\S+: STEPTRAIL_QUEUE_URL: the queue ");
        assertThat(text).containsPattern("backlog  0 steps in \\d+ bytes");

        JsonNode json = new ObjectMapper()
                .readTree(run(Map.of(), "status", "--json", "--outbox", outbox.toString())
                        .out());
        assertThat(json.path("shipper").path("problem").path("kind").asText()).isEqualTo("queue");
        assertThat(json.path("shipper_running").asBoolean()).isFalse();
        assertThat(json.path("unshipped_steps").asInt()).isZero();
        assertThat(json.path("oldest_unshipped_at").isNull()).isTrue();
        assertThat(json.path("tasks")).hasSize(1);
        assertThat(json.path("tasks").path(0).path("task_id").asText()).isEqualTo(TASK.toString());
        assertThat(json.path("bytes").asLong())
                .isGreaterThanOrEqualTo(json.path("unshipped_bytes").asLong())
                .isPositive();
    }

    @Test
    void folderOfVerdicts_isNotCountedAsATask() throws Exception {
        write();
        Outbox verdicts = Outbox.open(outbox);
        OutboxQuota quota = verdicts.quota(Long.MAX_VALUE);
        try (VerdictRecorder recorder = new VerdictRecorder(verdicts, quota, Clock.systemUTC())) {
            recorder.add(verdict("success"));
            recorder.add(verdict("efficiency"));

            String text = run(Map.of(), "status", "--outbox", outbox.toString()).out();

            assertThat(text).contains("tasks    1").containsPattern("backlog  0 steps and 2 verdicts in \\d+ bytes");
            assertThat(text.lines().filter(line -> line.startsWith("VERDICTS"))).hasSize(1);
            assertThat(text.lines()).last().asString().containsPattern("  running +2 ");
            JsonNode json = new ObjectMapper()
                    .readTree(run(Map.of(), "status", "--json", "--outbox", outbox.toString())
                            .out());
            assertThat(json.path("tasks")).hasSize(1);
            assertThat(json.path("verdict_folders")).hasSize(1);
            assertThat(json.path("verdict_folders")
                            .path(0)
                            .path("unshipped_verdicts")
                            .asInt())
                    .isEqualTo(2);
            assertThat(json.path("unshipped_verdicts").asInt()).isEqualTo(2);
        }
    }

    private static Verdict verdict(String name) {
        return new Verdict(TASK, Instant.EPOCH, name, VerdictValue.Label.PASS, "judge.py", "1", null, Map.of());
    }
}
