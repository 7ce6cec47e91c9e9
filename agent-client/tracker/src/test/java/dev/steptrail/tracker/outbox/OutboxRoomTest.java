package dev.steptrail.tracker.outbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxRoomTest {
    private static final Duration ALWAYS = Duration.ZERO;
    private static final Duration NEVER = Duration.ofHours(1);
    private static final long MAX = 64_000;
    private static final long PICTURES = 56_000;
    private static final long STEPS = 63_000;

    @TempDir
    Path folder;

    @Test
    void picturesReachTheirBoundFirst_thenSteps() throws IOException {
        OutboxRoom room = room(NEVER, NEVER);
        room.requireForPicture(PICTURES);
        assertFull(() -> room.requireForPicture(PICTURES + 1));
        room.requireForStep(STEPS);
        assertFull(() -> room.requireForStep(STEPS + 1));

        room.added(PICTURES);
        assertFull(() -> room.requireForPicture(1));
        room.requireForStep(STEPS - PICTURES);
        room.added(STEPS - PICTURES);
        assertFull(() -> room.requireForStep(0));
    }

    @Test
    void whatOthersWrote_counts_whereverItLies(@TempDir Path elsewhere) throws IOException {
        Files.createDirectories(folder.resolve("task/frames"));
        Files.write(folder.resolve("task/frames/1-before.png"), new byte[30_000]);
        Files.write(folder.resolve("task/steps.jsonl"), new byte[20_000]);
        Files.createSymbolicLink(folder.resolve("link"), elsewhere);
        OutboxRoom room = room(NEVER, NEVER);

        room.requireForPicture(5_000);
        assertFull(() -> room.requireForPicture(6_001));
    }

    @Test
    void whatAShipperTookAway_isRoomAgain_onceLookedAt() throws Exception {
        Path frame = Files.write(folder.resolve("frame"), new byte[(int) PICTURES]);
        OutboxRoom looking = room(ALWAYS, NEVER);
        OutboxRoom blind = room(NEVER, NEVER);
        assertFull(() -> looking.requireForPicture(1));
        assertFull(() -> blind.requireForPicture(1));
        Files.delete(frame);
        Thread.sleep(500); // so that to look again takes no more than its share of the time

        assertThatCode(() -> looking.requireForPicture(PICTURES)).doesNotThrowAnyException();
        assertFull(() -> blind.requireForPicture(1));
    }

    @Test
    void anOutboxThatIsAway_hasRoom() {
        assertThatCode(() -> new OutboxRoom(folder.resolve("away"), MAX).requireForPicture(PICTURES))
                .doesNotThrowAnyException();
    }

    private OutboxRoom room(Duration often, Duration seldom) {
        return new OutboxRoom(folder, MAX, often, seldom);
    }

    private static void assertFull(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(OutboxFullException.class)
                .hasMessageContaining("has its 64000 bytes (maxOutboxBytes)");
    }
}
