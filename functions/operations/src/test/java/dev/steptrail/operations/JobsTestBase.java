package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.aws.TestBucket;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.roles.FunctionLogin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Base of tests of the jobs that admins request, each test with its own sender and task. */
abstract class JobsTestBase {
    static final String SECRET = "swordfish-42";
    static final TestDatabase DATABASE = TestDatabase.migrated();
    static final TestBucket BUCKET = TestBucket.empty();
    static final Map<String, String> SETTINGS = DATABASE.settings(FunctionLogin.OPERATIONS, BUCKET.settings());
    static final JobsHandler HANDLER = new JobsHandler(SETTINGS);
    static final JobRepository JOBS = new JobRepository(DATABASE.database());

    private static final IngestHandler INGEST = new IngestHandler(SETTINGS);
    private static final JsonMapper JSON = new JsonMapper();

    final UUID task = UuidV7.at(TestRecords.START);
    final String sender = "AROA" + task + ":laptop";

    static void ingest(String sender, StepRecord... records) {
        DATABASE.write(TestRecords.message(sender, records));
    }

    static void ingest(String sender, String json) {
        SQSMessage message = message(json);
        message.setAttributes(Map.of("SenderId", sender));
        assertThat(INGEST.handleRequest(event(message), new TestContext()).getBatchItemFailures())
                .isEmpty();
    }

    /** Returns a message with one record. */
    static String json(StepRecord record) {
        return "{\"v\":1,\"records\":[" + new String(RecordCodec.encode(record), StandardCharsets.UTF_8) + "]}";
    }

    /** Returns the ids of this test's rejected messages, newest first. */
    List<String> rejectedIds() {
        return DATABASE.column("SELECT id FROM rejected_messages WHERE sender_id = '" + sender + "' ORDER BY id DESC");
    }

    String onlyId() {
        assertThat(rejectedIds()).hasSize(1);
        return rejectedIds().get(0);
    }

    static RequestedJob request(String kind, String argument) {
        return JOBS.request(kind, argument, "root");
    }

    static RequestedJob requestRetry(String id) {
        return request(JobRepository.RETRY_REJECTED, id);
    }

    /** Runs a job as its message in the queue does, and returns its state. */
    static RequestedJob run(JobsHandler handler, RequestedJob job, TestContext context) {
        return run(handler, job, context, JOBS);
    }

    static RequestedJob run(JobsHandler handler, RequestedJob job, TestContext context, JobRepository jobs) {
        handler.handleRequest(event(message("{\"job_id\":\"" + job.jobId() + "\"}")), context);
        return jobs.find(job.jobId()).orElseThrow();
    }

    static RequestedJob run(RequestedJob job) {
        return run(HANDLER, job, new TestContext());
    }

    /** Retries a message, which must end as done, and returns the result. */
    static JsonNode retry(String id) {
        return result(run(requestRetry(id)));
    }

    static JsonNode result(RequestedJob job) {
        assertThat(job.state()).as(job.toString()).isEqualTo("done");
        try {
            return JSON.readTree(job.result());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void expireLease(RequestedJob job) {
        DATABASE.execute(
                "UPDATE jobs SET started_at = now() - interval '16 minutes' WHERE job_id = '" + job.jobId() + "'");
    }

    /** Lets Postgres end the session that updates a job in this way, as a crash at that point would. */
    static void crashOnUpdate(TestDatabase database, String condition) {
        database.execute("CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'crash' USING ERRCODE = '57P01'; END $$");
        database.execute("CREATE TRIGGER crash BEFORE UPDATE ON jobs FOR EACH ROW WHEN (" + condition
                + ") EXECUTE FUNCTION crash()");
    }

    static void acceptUpdates(TestDatabase database) {
        database.execute("DROP FUNCTION crash() CASCADE");
    }

    static SQSMessage message(String body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId("message");
        message.setBody(body);
        return message;
    }

    static SQSEvent event(SQSMessage message) {
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(message));
        return event;
    }
}
