package dev.steptrail.tracker.internal.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Symbolic links and pipes in an outbox, created by an untrusted program. */
class UntrustedLinksTest extends WrittenTaskFixture {
    @TempDir
    Path folder;

    private Path secret;

    @BeforeEach
    void writeSecret() throws IOException {
        secret = Files.writeString(folder.resolve("secret"), "12\n");
    }

    @Test
    void linkedStepsAndOffsets_areNotRead() throws Exception {
        link("steps.jsonl");

        assertNamed("steps.jsonl", () -> task.linesFrom(0, 1000));
        assertNamed("steps.jsonl", () -> task.lastLine());
        assertNamed("steps.jsonl", () -> task.readIncompleteLine(0));
        assertNamed("steps.jsonl", () -> task.acknowledge(0));

        link("shipped");

        assertNamed("shipped", () -> task.shipped());
    }

    @Test
    void aPipeInsteadOfSteps_isNotOpened() throws Exception {
        Files.delete(steps);
        assertThat(new ProcessBuilder("mkfifo", steps.toString()).start().waitFor())
                .isZero();

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertNamed("steps.jsonl", () -> task.acknowledge(0)));
    }

    @Test
    void aLinkedTemporaryOffset_isNotWrittenTo() throws IOException {
        link("shipped.tmp");

        task.acknowledge(task.size());

        assertUntouched();
        assertThat(task.shipped()).isEqualTo(task.size());
        assertThat(Files.isSymbolicLink(task.folder().resolve("shipped"))).isFalse();
    }

    @Test
    void rejectedLines_areNotWrittenToALink() throws IOException {
        link("rejected.jsonl");

        assertNamed("rejected.jsonl", () -> task.reject(task.linesFrom(0, 1000).get(0)));
        assertNamed("rejected.jsonl", () -> task.remove());
        assertUntouched();
        assertThat(outbox.resolve("rejected")).doesNotExist();
    }

    @Test
    void rejectedLines_areNotMovedToALink() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(outbox.resolve("rejected"), elsewhere);
        task.reject(task.linesFrom(0, 1000).get(0));

        assertNamed("rejected", () -> task.remove());
        assertThat(elsewhere).isEmptyDirectory();

        Files.delete(outbox.resolve("rejected"));
        Files.createDirectory(outbox.resolve("rejected"));
        Files.createSymbolicLink(outbox.resolve("rejected/" + TASK + ".jsonl"), secret);
        assertNamed(TASK + ".jsonl", () -> task.remove());
        assertUntouched();
    }

    @Test
    void aLinkedLock_isNotAcquired() throws IOException {
        link("writer.lock");
        Path none = folder.resolve("none");
        Files.createSymbolicLink(outbox.resolve(".lock"), none);

        assertNamed("writer.lock", () -> task.hasWriter());
        assertNamed(".lock", () -> Outbox.open(outbox).tryLock());
        assertThat(none).doesNotExist();
    }

    @Test
    void aLinkedFrame_countsAsMissing() throws IOException {
        link("frames/1-before.png");

        assertThatThrownBy(() -> task.readFrame("frames/1-before.png"))
                .isInstanceOf(BrokenImageException.class)
                .hasMessage("the frame's file is missing");
        task.removeFrame("frames/1-before.png");
        assertUntouched();
    }

    private void link(String name) throws IOException {
        Path file = task.folder().resolve(name);
        Files.deleteIfExists(file);
        Files.createSymbolicLink(file, secret);
    }

    private static void assertNamed(String file, ThrowingCallable use) {
        assertThatThrownBy(use).isInstanceOf(FileSystemException.class).hasMessageContaining(file + ": is a link");
    }

    private void assertUntouched() {
        assertThat(secret).usingCharset(UTF_8).hasContent("12\n");
    }
}
