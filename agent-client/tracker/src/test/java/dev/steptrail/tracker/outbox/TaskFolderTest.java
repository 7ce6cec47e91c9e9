package dev.steptrail.tracker.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.Pngs;
import dev.steptrail.tracker.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFolderTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    private final TaskRecords records = new TaskRecords(TASK);
    private final Lost account = new Lost();

    @TempDir
    Path folder;

    private Outbox outbox;
    private TaskFolder task;

    private static final class Lost implements TaskFolder.Account {
        long lost;
        long written;

        @Override
        public TaskStarted started() {
            return new TaskRecords(TASK).started();
        }

        @Override
        public long lost() {
            return lost;
        }

        @Override
        public Losses losses() {
            return new Losses(TASK, Instant.EPOCH, Map.of("invalid", lost), Map.of(), Map.of());
        }

        @Override
        public void wrote(long bytes) {
            written += bytes;
        }
    }

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.in(folder.resolve("outbox"));
        task = new TaskFolder(outbox, outbox.room(1 << 30), TASK, account);
    }

    @AfterEach
    void close() throws IOException {
        task.close();
    }

    @Test
    void losses_areToldOnce_beforeTheNextStepOrTheEnd() throws Exception {
        task.add(frames -> records.step(1, "one"));
        account.lost = 1;
        task.add(frames -> records.step(2, "two"));
        task.add(frames -> records.step(3, "three"));
        account.lost = 2;
        task.end(records::ended);

        assertThat(Recorded.of(folder.resolve("outbox"), TASK).records())
                .containsExactly(
                        records.started(),
                        records.step(1, "one"),
                        new Losses(TASK, Instant.EPOCH, Map.of("invalid", 1L), Map.of(), Map.of()),
                        records.step(2, "two"),
                        records.step(3, "three"),
                        new Losses(TASK, Instant.EPOCH, Map.of("invalid", 2L), Map.of(), Map.of()),
                        records.ended());
    }

    @Test
    void aFolderThatSomebodyRemoved_isMadeAnew_withTheStartAndTheLosses() throws Exception {
        account.lost = 1;
        task.add(frames -> records.step(1, "one"));
        Files.move(outbox.folder(), folder.resolve("away"));

        task.add(frames -> records.step(2, "two"));

        assertThat(Recorded.of(folder.resolve("outbox"), TASK).records())
                .containsExactly(records.started(), account.losses(), records.step(2, "two"));
    }

    @Test
    void aStepThatCannotBeWritten_takesItsPicturesAlong_alsoInWhatIsCounted() throws Exception {
        task.start();
        long before = account.written;

        assertThatThrownBy(() -> task.add(frames -> {
                    write(frames);
                    return records.step(1, "x".repeat(OutboxLine.MAX_BYTES));
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> task.add(frames -> {
                    write(frames);
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");

        assertThat(outbox.folder().resolve(TASK + "/frames")).isEmptyDirectory();
        assertThat(account.written).isEqualTo(before);
        assertThat(before).isEqualTo(Files.size(outbox.folder().resolve(TASK + "/steps.jsonl")));
    }

    private static void write(TaskFolder.Frames frames) {
        try {
            frames.write(1, FrameRole.BEFORE, Pngs.ofSize(2, 3), false, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
