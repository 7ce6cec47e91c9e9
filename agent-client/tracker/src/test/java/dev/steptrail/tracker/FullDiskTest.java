package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** A full disk, simulated by a small tmpfs where mounting is permitted, and by a file size limit. */
class FullDiskTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int STEPS = 600;

    @TempDir
    Path folder;

    /** Records more than fits on the disk, and prints its losses. */
    static final class Agent {
        public static void main(String[] arguments) {
            StepTracker tracker = StepTracker.builder(Path.of(arguments[0])).build();
            System.out.println(record(tracker).id());
            TrackerStats stats = tracker.stats();
            System.out.println(stats.written());
            System.out.println(stats.droppedSteps().getOrDefault("outbox_unwritable", 0L));
            System.out.println(stats.lostEnds());
        }
    }

    /** Records one step that exceeds the disk, and then small steps until it is full. */
    private static TrackedTask record(StepTracker tracker) {
        TrackedTask task = tracker.startTask("do it");
        task.record(StepData.ofType("x").thinking("x".repeat(2_000_000)).build());
        byte[] png = Arrays.copyOf(Pngs.ofSize(3, 2), 20_000);
        for (int step = 2; step <= STEPS; step++) {
            task.record(StepData.ofType("x")
                    .thinking("x".repeat(2_000))
                    .frame(FrameRole.BEFORE, png, false)
                    .build());
            tracker.flush(SOON);
        }
        task.succeeded(null);
        tracker.close();
        return task;
    }

    @Test
    void aFullDisk_losesCountedSteps_butNeitherTheAgentNorTheEnd() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        if (!run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString())) {
            throw skipped("a small disk cannot be mounted here");
        }
        System.out.println("Simulating a full disk with a tmpfs of 1 MiB");
        try {
            StepTracker tracker = StepTracker.builder(disk.resolve("outbox")).build();
            TrackedTask task = record(tracker);

            RecordedTask recorded = RecordedTask.of(disk.resolve("outbox"), task);
            assertThat(recorded.numbers()).startsWith(2, 3, 4).hasSizeGreaterThan(20);
            assertThat(recorded.numbers().size()).isEqualTo(tracker.stats().written());
            long dropped = STEPS - recorded.numbers().size();
            assertThat(tracker.stats().droppedSteps()).containsOnlyKeys("outbox_unwritable");
            Losses losses = recorded.losses().get(recorded.losses().size() - 1);
            assertThat(losses.droppedSteps()).containsOnlyKeys("outbox_unwritable");
            assertThat(losses.totalDroppedSteps()).isEqualTo(dropped).isPositive();
            assertThat(losses.droppedScreenshots()).containsOnlyKeys("outbox_unwritable");
            assertThat(recorded.ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(recorded.ended().lastStepNumber()).isEqualTo(STEPS);
            assertThat(tracker.stats().lostEnds()).isZero();
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void aFileSizeLimit_losesCountedSteps_butNotTheAgent() throws Exception {
        if (!run("sh", "-c", "ulimit -f 1024")) {
            throw skipped("the size of files cannot be limited here");
        }
        System.out.println("Simulating a full disk with ulimit -f");
        Path outbox = folder.resolve("outbox");
        try (ChildProcess agent = ChildProcess.startLimited("ulimit -f 1024", Agent.class, outbox.toString())) {
            UUID task = UUID.fromString(agent.line());
            int written = Integer.parseInt(agent.line());
            int dropped = Integer.parseInt(agent.line());

            assertThat(RecordedTask.of(outbox, task).numbers()).hasSize(written).startsWith(2, 3);
            assertThat(written + dropped).isEqualTo(STEPS);
            assertThat(dropped).isPositive();
            assertThat(agent.line()).isIn("0", "1");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    private static TestAbortedException skipped(String why) {
        System.out.println("skipped: " + why);
        return new TestAbortedException("skipped: " + why);
    }
}
