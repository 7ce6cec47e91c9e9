package dev.steptrail.store.ingest;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.attachment;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.query.StepRepository;
import dev.steptrail.store.query.StepRepository.StepFilter;
import dev.steptrail.store.roles.FunctionLogin;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class DatabaseStepWriterIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated().register("sender", "alice");
    private static final Database READER = DATABASE.database(FunctionLogin.API);

    private final UUID task = UuidV7.at(START);
    private final UUID other = UuidV7.at(START);

    @Test
    void sameTextInAnotherEncoding_isStoredToo() {
        String text = "kept-" + UUID.randomUUID();
        for (String encoding : Arrays.asList(null, "gzip", null, "gzip")) {
            ReceivedMessage message = new ReceivedMessage("absent", new MessageBody(text, encoding), List.of(), null);
            DATABASE.write(message);
        }

        assertThat(DATABASE.column("SELECT content_encoding FROM rejected_messages WHERE body = '" + text + "'"))
                .containsExactlyInAnyOrder(null, "gzip");
    }

    @Test
    void secondStart_isIgnored_soThatNoAttachmentBelongsToAnotherValue() {
        String path = "attachments/sender/" + task + "/a.json.gz";
        DATABASE.write(started(task, null, "short"));
        DATABASE.write(started(task, null, "d".repeat(4_000), List.of(attachment("description", path))));

        assertThat(DATABASE.value("SELECT description || coalesce(extra_start_fields::text, '') FROM tasks"
                        + " WHERE task_id = '" + task + "'"))
                .isEqualTo("short");
    }

    /** A generic plan of this statement would lock and probe every month. */
    @Test
    void preparedStatements_theLookupOfSteps_isPlannedEachTime() {
        Map<String, String> settings = DATABASE.settings(Map.of(
                "STEPTRAIL_DATABASE_URL", DATABASE.settings().get("STEPTRAIL_DATABASE_URL") + "?prepareThreshold=5"));
        try (Database database = Database.withPreparedStatements(new Settings(settings))) {
            DatabaseStepWriter writer = new DatabaseStepWriter(database);
            for (int number = 1; number <= 20; number++) {
                writer.write(List.of(message("sender", step(task, number))));
            }

            assertThat(database.<String>lookUp(
                            session -> session.sql("""
                            SELECT sum(generic_plans) FILTER (WHERE statement LIKE '%LATERAL%') AS generic_plans_of_lookup,
                                   bool_or(statement LIKE 'UPDATE tasks AS t%')                 AS others_are_prepared
                              FROM pg_prepared_statements
                            """).single(row -> row.getString(1) + " " + row.getBoolean(2))))
                    .isEqualTo("0 true");
        }
    }

    @Property(tries = 100)
    void anyDecodedText_isReadBackUnchanged(
            @ForAll @StringLength(max = 200) String thinking, @ForAll @StringLength(max = 50) String field)
            throws Exception {
        UUID task = UuidV7.at(START);
        Step sent = withScreenshot(
                step(task, 1, thinking, Map.of("field", field)), FrameRole.BEFORE, "screenshots/sender/" + task + "/a");
        MessageBody body = MessageCodec.encode(List.of(RecordCodec.encode(sent)));
        List<MessageRecord> decoded = MessageCodec.decode(body);

        WriteResult first = DATABASE.write(new ReceivedMessage("sender", body, decoded, null));
        WriteResult again = DATABASE.write(new ReceivedMessage("sender", body, decoded, null));
        List<StoredStep> read = new StepRepository(READER)
                .page(task, StepFilter.ALL, true, null, 1)
                .items();

        Step expected = (Step) ((MessageRecord.Valid) decoded.get(0)).record();
        assertThat(read).containsExactly(StoredStep.of(expected));
        assertThat(first).isEqualTo(new WriteResult(1, 0, 0, 0, 0));
        assertThat(again).isEqualTo(new WriteResult(0, 1, 0, 0, 0));
    }

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
