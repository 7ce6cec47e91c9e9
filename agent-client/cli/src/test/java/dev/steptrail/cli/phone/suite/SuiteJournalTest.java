package dev.steptrail.cli.phone.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.cli.phone.suite.SuiteJournal.Entry;
import dev.steptrail.cli.phone.suite.SuiteJournal.TaskKey;
import dev.steptrail.cli.phone.suite.TaskResult.Problem;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SuiteJournalTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");
    private static final TaskKey KEY = new TaskKey("volume", 2, null);
    private static final TaskResult RESULT = new TaskResult(
            TASK, "emulator-5554", RunOutcome.SUCCEEDED, 7, Duration.ofMillis(8123), "完成", Label.FAIL, "no note", null);

    /** In the octal flags of {@code /proc/self/fdinfo}, on x86 and ARM. */
    private static final int O_DSYNC = 010000;

    @TempDir
    private Path outbox;

    private SuiteJournal open() throws IOException {
        return open("m");
    }

    private SuiteJournal open(String model) throws IOException {
        return SuiteJournal.open(outbox, "prompt-8", Map.of("model", model));
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(outbox.resolve(SuiteJournal.FOLDER))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void endedTask_isReadWithItsResult() throws Exception {
        try (SuiteJournal journal = open()) {
            journal.started(KEY, "abc", TASK);
            journal.finished(RESULT);
            journal.ended(RESULT);
        }

        try (SuiteJournal journal = open()) {
            assertThat(journal.ended()).containsExactly(Map.entry(KEY, new Entry(KEY, "abc", TASK, RESULT)));
            assertThat(journal.open()).isEmpty();
        }
    }

    @Test
    void problem_isReadAgain() throws Exception {
        TaskResult notPrepared = RESULT.unclear(Problem.NOT_PREPARED, "broken");
        try (SuiteJournal journal = open()) {
            journal.started(KEY, "abc", TASK);
            journal.ended(notPrepared);
        }

        try (SuiteJournal journal = open()) {
            assertThat(journal.result(KEY)).isEqualTo(notPrepared);
        }
    }

    @Test
    void taskThatIsJudgedAgain_hasTheLaterVerdict() throws Exception {
        TaskResult notJudged = RESULT.unclear(Problem.NOT_JUDGED, "broken");
        try (SuiteJournal journal = open()) {
            journal.started(KEY, "abc", TASK);
            journal.ended(notJudged);
        }
        try (SuiteJournal journal = open()) {
            assertThat(journal.result(KEY)).isEqualTo(notJudged);
            journal.judgedAgain(RESULT);
            assertThat(journal.result(KEY)).isEqualTo(RESULT);
        }

        try (SuiteJournal journal = open()) {
            assertThat(journal.ended()).containsExactly(Map.entry(KEY, new Entry(KEY, "abc", TASK, RESULT)));
        }
    }

    /** A line that is only in the cache of the file system would be lost in a power cut, and its task run twice. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void lines_areWrittenSynchronously() throws Exception {
        try (SuiteJournal unused = open()) {
            List<String> flags = new ArrayList<>();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                for (Path descriptor : descriptors.toList()) {
                    flags.addAll(linesAbout(descriptor));
                }
            }
            assertThat(flags)
                    .filteredOn(line -> line.startsWith("flags:"))
                    .singleElement()
                    .satisfies(line -> assertThat(
                                    Integer.parseInt(line.substring(6).strip(), 8) & O_DSYNC)
                            .as(line)
                            .isNotZero());
        }
    }

    /** Returns what the kernel reports about a file descriptor; nothing if it is not the journal's. */
    private List<String> linesAbout(Path descriptor) throws IOException {
        try {
            return Files.isSameFile(descriptor, file())
                    ? Files.readAllLines(Path.of("/proc/self/fdinfo").resolve(descriptor.getFileName()))
                    : List.of();
        } catch (NoSuchFileException closedByAnotherTest) {
            return List.of();
        }
    }

    @Test
    void interruptedTask_isOpen_untilItIsMarked() throws Exception {
        TaskKey onDevice = new TaskKey("volume", 1, "emulator-5556");
        try (SuiteJournal journal = open()) {
            journal.started(onDevice, "abc", TASK);
        }

        try (SuiteJournal journal = open()) {
            assertThat(journal.open()).containsExactly(new Entry(onDevice, "abc", TASK, null));
            journal.interrupted(TASK);
        }

        try (SuiteJournal journal = open()) {
            assertThat(journal.open()).isEmpty();
            assertThat(journal.ended()).isEmpty();
        }
    }

    @Test
    void journalCutAtAnyByte_keepsTheCompleteLines() throws Exception {
        try (SuiteJournal journal = open()) {
            journal.started(KEY, "abc", TASK);
            journal.finished(RESULT);
            journal.ended(RESULT);
        }
        byte[] content = Files.readAllBytes(file());

        for (int length = 0; length < content.length; length++) {
            Files.write(file(), Arrays.copyOf(content, length));
            try (SuiteJournal journal = open()) {
                assertThat(journal.ended()).isEmpty();
                if (journal.open().isEmpty()) {
                    journal.started(KEY, "abc", TASK);
                }
                journal.finished(RESULT);
                journal.ended(RESULT);
            }
            try (SuiteJournal journal = open()) {
                assertThat(journal.ended()).as("cut to " + length).containsOnlyKeys(KEY);
            }
        }
    }

    @Test
    void experimentThatIsBeingRun_isRefused() throws Exception {
        try (SuiteJournal journal = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessage("the experiment 'prompt-8' is being run by another process");
            assertThatThrownBy(this::open).as("the refused attempt").isInstanceOf(IOException.class);
            assertThat(journal.open()).isEmpty();
        }
        open().close();
    }

    /** Another process must not get the lock, which closing any handle of the file in this process would release. */
    @Test
    void experimentThatIsBeingRun_isRefusedToOtherProcesses() throws Exception {
        try (SuiteJournal journal = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IOException.class);
            Process other = JavaProcess.of(SuiteJournalTest.class, outbox.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(other.getInputStream().readAllBytes(), UTF_8))
                    .contains("the experiment 'prompt-8' is being run by another process");
            assertThat(journal.open()).isEmpty();
        }
    }

    /** Opens the journal in a process of its own. */
    public static void main(String[] arguments) throws IOException {
        SuiteJournal.open(Path.of(arguments[0]), "prompt-8", Map.of("model", "m"))
                .close();
    }

    @Test
    void journal_isReadableByItsOwnerOnly() throws Exception {
        open().close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void experimentStartedWithOtherSettings_isRefused() throws Exception {
        open("a").close();
        try (SuiteJournal journal = open("b")) { // no task has been started
            journal.started(KEY, "abc", TASK);
        }

        assertThatThrownBy(() -> open("c"))
                .isInstanceOf(SuiteFileException.class)
                .hasMessage(
                        "the experiment 'prompt-8' was started with another model ('b', now 'c'): use another name for"
                                + " the experiment");
        open("b").close();
    }

    @Test
    void damagedLine_isReportedWithItsNumber() throws Exception {
        open().close();
        Files.writeString(file(), "{\"event\":\"suite\"}\nnot json\n");

        assertThatThrownBy(this::open).hasMessageStartingWith("line 2 of " + file() + " is not valid");
    }
}
