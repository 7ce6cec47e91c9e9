package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which senders' keys the screenshots of a step may have. */
class ObjectKeyRightsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");

    private final UUID task = UuidV7.at(START);
    private final UUID other = UuidV7.at(START);

    @Test
    void keyOfTheTaskOwnersSender_isAcceptedFromAnAgentThatRecordsOnTheirBehalf() {
        DATABASE.register("proxy", "proxy", "alice");

        WriteResult together = DATABASE.write(message(
                "proxy", started(task, "alice"), seen(task, 1, "sender", "a.webp"), seen(task, 2, "proxy", "a.webp")));
        WriteResult later = DATABASE.write(message("proxy", seen(task, 3, "sender", "a.webp")));
        WriteResult alone = DATABASE.write(message("sender", seen(task, 4, "proxy", "a.webp")));

        assertThat(together.steps()).isEqualTo(2);
        assertThat(later.steps()).isEqualTo(1);
        assertThat(alone.rejected()).isEqualTo(1);
    }

    /** A separately registered session belongs to its owner, whichever other owners the batch contains. */
    @Test
    void keyOfAnotherOwnersSession_isRejectedWhetherOrNotThatOwnerIsInTheBatch() {
        DATABASE.register("role", "dora").register("role:erin", "erin");
        Step erins = seen(other, 1, "role:erin", "a.webp");

        WriteResult without = DATABASE.write(message("role", seen(task, 1, "role:erin", "a.webp")));
        WriteResult with =
                DATABASE.write(message("role", seen(task, 2, "role:erin", "a.webp")), message("role:erin", erins));
        WriteResult otherSession = DATABASE.write(message("role", seen(task, 3, "role:frank", "a.webp")));

        assertThat(without).isEqualTo(new WriteResult(0, 0, 0, 1, 0));
        assertThat(with).isEqualTo(new WriteResult(1, 0, 0, 1, 0));
        assertThat(otherSession.steps()).isEqualTo(1);
    }

    /** The right to a folder is looked up once per batch. */
    @Test
    void badKey_doesNotChangeTheRightToItsFolder() {
        DATABASE.register("second", "alice").register("anna", "dora").register("anna:erin", "erin");

        assertThat(DATABASE.write(started(task), seen(task, 1, "second", ".."), seen(task, 2, "second", "ok.webp")))
                .isEqualTo(new WriteResult(1, 0, 0, 1, 0));
        assertThat(DATABASE.write(message(
                        "anna",
                        started(other),
                        seen(other, 1, "anna:erin", ".."),
                        seen(other, 2, "anna:erin", "a.webp"))))
                .isEqualTo(new WriteResult(0, 0, 0, 2, 0));
    }

    private static Step seen(UUID task, int number, String sender, String file) {
        return withScreenshot(step(task, number), FrameRole.BEFORE, "screenshots/" + sender + "/" + task + "/" + file);
    }
}
