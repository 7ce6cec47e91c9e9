package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.ingest.SecretRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.MessageBody;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded data must not appear in logs or printed output, and only in the body of a rejected message. */
@Tag("slow")
class SecrecyIT extends IngestTestBase {
    private static final String SECRET = "swordfish-42";

    private final CapturedOutput output = new CapturedOutput();
    private final SecretRecords planted = new SecretRecords(SECRET, ALICE, task);

    @BeforeEach
    void listen() {
        DATABASE.execute("DELETE FROM rejected_messages");
        output.start();
    }

    @AfterEach
    void stopListening() {
        output.stop();
        DATABASE.execute("DROP FUNCTION IF EXISTS failing() CASCADE");
        DATABASE.execute("ALTER TABLE task_steps DROP CONSTRAINT IF EXISTS failing");
        DATABASE.execute("DROP INDEX IF EXISTS failing");
    }

    @Test
    void goodRecords_leaveNoTrace() {
        assertThat(ingest(recordsOf(planted.started(), planted.step(1), planted.losses(), planted.ended())))
                .isEmpty();

        assertThat(steps("thinking")).containsExactly(SECRET);
        assertKept(0);
    }

    @Test
    void conflictingRecords_leaveNoTrace() throws Exception {
        ingest(recordsOf(planted.step(1)));

        ingest(recordsOf(with(planted.step(1), "thinking", "\"another " + SECRET + "\"")));

        assertKept(1);
    }

    /** Each field in turn contains the secret in an invalid value. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"" + SECRET + "\"",
                "[\"" + SECRET + "\"]",
                "{\"" + SECRET + "\":\"" + SECRET + "\"}",
                "[{\"" + SECRET + "\":0,\"role\":\"" + SECRET + "\"}]"
            })
    void badRecords_leaveNoTrace(String value) throws Exception {
        String[] records = planted.withInvalidFields(value).toArray(new String[0]);

        assertThat(ingest(recordsOf(records))).isEmpty();

        assertThat(output.withLogOf(context)).doesNotContain(SECRET);
        assertThat(rejectedRowsWithoutBodies()).hasSizeGreaterThan(20).noneMatch(row -> row.contains(SECRET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SECRET,
                "{" + SECRET,
                "{\"" + SECRET,
                "{\"" + SECRET + "\":" + SECRET + "}",
                "{\"v\":\"" + SECRET + "\",\"records\":[]}",
                "{\"v\":1,\"records\":\"" + SECRET + "\"}",
                "{\"v\":1,\"records\":[{\"thinking\":\"" + SECRET + "\" " + SECRET + "}]}",
                "{\"v\":1,\"records\":[{\"thinking\":\"" + SECRET + "\\x\"}]}",
                "{\"v\":1,\"records\":[]} " + SECRET
            })
    void messagesThatCannotBeRead_leaveNoTrace(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);

        assertThat(ingest(
                        message(ALICE, body),
                        message(ALICE, new MessageBody(body, MessageBody.GZIP)),
                        message(ALICE, new MessageBody(Base64.getEncoder().encodeToString(bytes), MessageBody.GZIP))))
                .isEmpty();

        assertKept(3);
    }

    @Test
    void recordsOfUnregisteredSenders_leaveNoTrace() {
        ingest(recordsOf(planted.step(1)));

        ingest(message("AIDASTRANGER", body(planted.step(2))), message(BOB, body(planted.step(3))));

        assertKept(2);
    }

    @Test
    void tooLargeRecords_leaveNoTrace() throws Exception {
        assertThat(ingest(
                        recordsOf(with(planted.step(1), "thinking", "\"" + SECRET.repeat(50_000) + "\"")),
                        recordsOf(planted.step(1)),
                        recordsOf(with(planted.step(2), "thinking", "\"" + SECRET.repeat(800_000) + "\""))))
                .isEmpty();

        assertKept(2);
    }

    /** Messages of Postgres or its triggers may quote a step, also in DETAIL, HINT and CONTEXT. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            22P02 | PERFORM NEW.thinking::integer
            P0001 | RAISE EXCEPTION 'no room for %', NEW.thinking
            23514 | RAISE EXCEPTION 'no room for %', NEW.thinking USING ERRCODE = '23514', DETAIL = NEW.thinking, HINT = NEW.thinking
            53100 | RAISE EXCEPTION 'no room for %', NEW.thinking USING ERRCODE = '53100', DETAIL = NEW.thinking, HINT = NEW.thinking
            40001 | RAISE EXCEPTION 'no room for %', NEW.thinking USING ERRCODE = '40001', DETAIL = NEW.thinking
            """)
    void messagesOfPostgres_areNotLogged(String sqlState, String statement) {
        failBy(statement);

        assertRejectedWithoutTrace(sqlState);
    }

    @Test
    void terminatedBackend_leavesNoTrace() {
        failBy("PERFORM pg_terminate_backend(pg_backend_pid())");

        assertThat(ingest(recordsOf(planted.started(), planted.step(1)))).hasSize(1);

        assertThat(context.logged()).contains("\"database_unavailable\"");
        assertKept(0);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            23514 | ALTER TABLE task_steps ADD CONSTRAINT failing CHECK (thinking NOT LIKE 'swordfish%') NOT VALID
            54000 | CREATE INDEX failing ON task_steps ((step_data->>'x_noise')) WHERE thinking LIKE 'swordfish%' AND step_number = 77
            """)
    void constraintViolations_areNotQuoted(String sqlState, String rule) {
        DATABASE.execute(rule);

        assertRejectedWithoutTrace(sqlState);
    }

    private static void failBy(String statement) {
        DATABASE.execute("CREATE FUNCTION failing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + statement
                + "; RETURN NEW; END $$");
        DATABASE.execute("CREATE TRIGGER failing BEFORE INSERT ON task_steps FOR EACH ROW EXECUTE FUNCTION failing()");
    }

    private void assertRejectedWithoutTrace(String sqlState) {
        ingest(recordsOf(planted.started(), planted.step(77), planted.ended()));

        assertThat(output.withLogOf(context) + rejectedRowsWithoutBodies())
                .contains("(SQLSTATE " + sqlState + ")")
                .doesNotContain(SECRET);
    }

    private void assertKept(int rejected) {
        assertThat(output.withLogOf(context)).contains("\"ingested\"").doesNotContain(SECRET);
        assertThat(rejectedRowsWithoutBodies()).hasSize(rejected).noneMatch(row -> row.contains(SECRET));
    }

    private static List<String> rejectedRowsWithoutBodies() {
        return DATABASE.column("SELECT (to_jsonb(r) - 'body')::text FROM rejected_messages AS r");
    }

    private SQSMessage recordsOf(String... records) {
        return message(ALICE, body(records));
    }

    private static String body(String... records) {
        return "{\"v\":1,\"records\":[" + String.join(",", records) + "]}";
    }
}
