package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Settings;
import dev.steptrail.aws.SnapshotPrimer;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Primes ingest before a snapshot. */
final class IngestPrimer {
    static final Agent AGENT = new Agent("priming", "priming", List.of());

    /** Enough steps that the message codec compresses the message. */
    private static final int STEPS = 20;

    private static final String TASK_STARTED = """
            {"v":1,"record":"task_started","task_id":"%s","timestamp":"%s","name":"priming","agent":"priming"}""";

    private static final String STEP = """
            {"v":1,"record":"step","task_id":"%1$s","timestamp":"%2$s","step_number":%3$d,"step_type":"action",
             "thinking":"priming","action":{"action":"Tap","element":[500,500]},"action_result":{"success":true},
             "duration_ms":1,"success":true,"timings":{"model_ms":1},"resources":{"cpu":1.5},
             "screenshots":[{"role":"before","screenshot_path":"screenshots/priming/%1$s/1.webp",
              "file_hash":"%4$s","file_size":1,"original_size":1,"width":1080,"height":2400,"format":"webp",
              "compressed":true,"sensitive":false,"perceptual_hash":"0000000000000000",
              "thumbnail_path":"screenshots/priming/%1$s/1.thumbnail.webp","captured_at":"%2$s"}]}""";

    private static final String EVENT = """
            {"Records":[{"messageId":"priming","receiptHandle":"priming","body":"%s",
             "attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"%d","SenderId":"%s"},
             "messageAttributes":{"%s":{"stringValue":"%s","stringListValues":[],"binaryListValues":[],"dataType":"String"}},
             "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-central-1:123456789012:steps","awsRegion":"eu-central-1"}]}""";

    /** Creates an empty temporary table for each table. Postgres finds temporary tables before others. */
    private static final String CREATE_TEMPORARY_TABLES = """
            DO $$
            DECLARE
                hidden name;
            BEGIN
                FOR hidden IN
                    SELECT relname
                      FROM pg_class
                     WHERE relnamespace = current_schema()::regnamespace
                       AND relkind IN ('r', 'p')
                       AND NOT relispartition
                       AND has_table_privilege(oid, 'SELECT')
                LOOP
                    EXECUTE format('CREATE TEMPORARY TABLE %1$I (LIKE %2$I.%1$I INCLUDING ALL)', hidden, current_schema());
                END LOOP;
            END
            $$
            """;

    private IngestPrimer() {}

    /** Writes a task of {@link #AGENT}, or only decodes its message if the database's password is in a parameter. */
    static void prime(Settings settings) {
        SnapshotPrimer.prime(() -> {
            Settings databaseSettings = settings.forPrimingDatabase();
            boolean connects = databaseSettings == settings;
            Database database = Database.withPreparedStatements(databaseSettings);
            IngestHandler handler = new IngestHandler(settings, database, MetricSink.LOG);
            return () -> {
                try (database) {
                    if (connects) {
                        createTemporaryTables(database);
                    }
                    SQSBatchResponse response = SnapshotPrimer.handle(
                            handler, SQSEvent.class, SQSBatchResponse.class, event(UUID.randomUUID()));
                    if (connects && !response.getBatchItemFailures().isEmpty()) {
                        throw new IllegalStateException("failed to write the priming message");
                    }
                }
            };
        });
    }

    /**
     * The tables exist until the connection is closed. They also hide tables that the login may only read, such as
     * {@code agents}.
     */
    private static void createTemporaryTables(Database database) {
        database.inTransaction(session -> session.sql(CREATE_TEMPORARY_TABLES).update());
        new AgentRepository(database).register(AGENT);
    }

    static String event(UUID taskId) {
        Instant now = Instant.now();
        MessageBody body = MessageCodec.encode(Stream.concat(
                        Stream.of(TASK_STARTED.formatted(taskId, now)),
                        IntStream.rangeClosed(1, STEPS)
                                .mapToObj(number -> STEP.formatted(taskId, now, number, "0".repeat(64))))
                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                .toList());
        return EVENT.formatted(
                body.text(),
                now.toEpochMilli(),
                AGENT.senderId(),
                MessageBody.CONTENT_ENCODING,
                body.contentEncoding());
    }
}
