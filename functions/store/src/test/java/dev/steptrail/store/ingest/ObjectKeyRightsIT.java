package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which senders' keys the screenshots of a step may have. */
class ObjectKeyRightsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final Database CONNECTION = DATABASE.database();
    private static final DatabaseStepWriter WRITER = new DatabaseStepWriter(CONNECTION);

    static {
        new AgentRepository(CONNECTION).register(new Agent("sender", "alice", List.of()));
    }

    @Test
    void keyOfTheTaskOwnersSender_isAcceptedFromAnAgentThatRecordsOnTheirBehalf() {
        new AgentRepository(CONNECTION).register(new Agent("proxy", "proxy", List.of("alice")));
        UUID task = UuidV7.at(TestRecords.START);
        Step alices = withKey(task, 1, "sender");
        Step own = withKey(task, 2, "proxy");

        WriteResult together = WRITER.write(List.of(message("proxy", TestRecords.started(task, "alice"), alices, own)));
        WriteResult later = WRITER.write(List.of(message("proxy", withKey(task, 3, "sender"))));
        WriteResult alone = WRITER.write(List.of(message("sender", withKey(task, 4, "proxy"))));

        assertThat(together.steps()).isEqualTo(2);
        assertThat(later.steps()).isEqualTo(1);
        assertThat(alone.rejected()).isEqualTo(1);
    }

    /** A separately registered session belongs to its owner, whichever other owners the batch contains. */
    @Test
    void keyOfAnotherOwnersSession_isRejectedWhetherOrNotThatOwnerIsInTheBatch() {
        new AgentRepository(CONNECTION).register(new Agent("role", "dora", List.of()));
        new AgentRepository(CONNECTION).register(new Agent("role:erin", "erin", List.of()));
        UUID task = UuidV7.at(TestRecords.START);
        UUID erins = UuidV7.at(TestRecords.START);

        WriteResult without = WRITER.write(List.of(message("role", withKey(task, 1, "role:erin"))));
        WriteResult with = WRITER.write(List.of(
                message("role", withKey(task, 2, "role:erin")), message("role:erin", withKey(erins, 1, "role:erin"))));
        WriteResult otherSession = WRITER.write(List.of(message("role", withKey(task, 3, "role:frank"))));

        assertThat(without.rejected()).isEqualTo(1);
        assertThat(with.rejected()).isEqualTo(1);
        assertThat(with.steps()).isEqualTo(1);
        assertThat(otherSession.steps()).isEqualTo(1);
    }

    @Test
    void goodStepAfterABadKeyInItsFolder_isStored() {
        new AgentRepository(CONNECTION).register(new Agent("second", "alice", List.of()));
        UUID task = UuidV7.at(TestRecords.START);

        WriteResult result = WRITER.write(List.of(message(
                "sender", started(task), withFile(task, 1, "second", ".."), withFile(task, 2, "second", "ok.webp"))));

        assertThat(result.steps()).isEqualTo(1);
        assertThat(result.rejected()).isEqualTo(1);
    }

    @Test
    void foreignKeyAfterABadKeyInItsFolder_isRejected() {
        new AgentRepository(CONNECTION).register(new Agent("anna", "dora", List.of()));
        new AgentRepository(CONNECTION).register(new Agent("anna:erin", "erin", List.of()));
        UUID task = UuidV7.at(TestRecords.START);

        WriteResult result = WRITER.write(List.of(message(
                "anna",
                started(task),
                withFile(task, 1, "anna:erin", ".."),
                withFile(task, 2, "anna:erin", "a.webp"))));

        assertThat(result.steps()).isZero();
        assertThat(result.rejected()).isEqualTo(2);
    }

    private static Step withFile(UUID task, int number, String sender, String file) {
        return TestRecords.withScreenshot(
                step(task, number), FrameRole.BEFORE, "screenshots/" + sender + "/" + task + "/" + file);
    }

    private static Step withKey(UUID task, int number, String sender) {
        return TestRecords.withScreenshot(
                step(task, number), FrameRole.BEFORE, "screenshots/" + sender + "/" + task + "/a.webp");
    }
}
