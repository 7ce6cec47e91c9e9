package dev.steptrail.bench.coldstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.PostgresServer;
import dev.steptrail.localcloud.storage.BucketServer;
import dev.steptrail.localcloud.template.Bucket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Each handler starts from its zip, in a process of its own, under Lambda's runtime interface client, and answers an event. */
class ZipsBootIT {
    private static final Path ZIPS = Path.of("../../functions");
    private static final Bucket BUCKET = new Bucket("bench", null);

    @TempDir
    private static Path folder;

    private static PostgresServer server;
    private static BucketServer bucket;
    private static Map<String, String> settings;
    private static LambdaRuntime runtime;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.start();
        settings = new HashMap<>(server.postgres().settings());
        int port = freePort();
        String id = settings.get("AWS_ACCESS_KEY_ID");
        String secret = settings.get("AWS_SECRET_ACCESS_KEY");
        bucket =
                BucketServer.start(Files.createDirectory(folder.resolve("buckets")), port, id, secret, List.of(BUCKET));
        String endpoint = "http://127.0.0.1:" + port;
        settings.put("AWS_ENDPOINT_URL_S3", endpoint);
        try (S3Client s3 = S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .forcePathStyle(true)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)))
                .build()) {
            BucketServer.create(s3, List.of(BUCKET));
        }
        runtime = new LambdaRuntime(Jdk.all().get(0), LambdaRuntime.unpackLibrary(folder));
    }

    @AfterAll
    static void stop() throws Exception {
        bucket.close();
        server.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void assertAnswers(String zip, String handler, String event, Predicate<String> isAnswered)
            throws Exception {
        Path task = folder.resolve(zip);
        if (Files.notExists(task)) {
            TaskFolder.unpack(ZIPS.resolve(zip + "/target/" + zip + ".zip"), task);
        }
        Deployment deployment = Deployment.of(task, handler, settings);

        assertThat(new Contestant(handler, deployment, () -> event, isAnswered).start(runtime))
                .as("milliseconds to the answer, which was the right one")
                .isPositive();
    }

    @Test
    void ingestWritesAMessage_andTheApiAnswersItsSteps() throws Exception {
        UUID task = UUID.randomUUID();

        assertAnswers(
                "ingest",
                "dev.steptrail.ingest.IngestHandler",
                Events.message(task, 3),
                "{\"batchItemFailures\":[]}"::equals);
        assertAnswers(
                "api",
                "dev.steptrail.api.ApiHandler",
                Events.steps(task),
                answer -> answer.startsWith("{\"statusCode\":200") && answer.split("\"step_id", -1).length == 3 + 1);
    }

    @Test
    void exportTakesAMessage() throws Exception {
        assertAnswers(
                "export",
                "dev.steptrail.export.ExportHandler",
                """
                {"Records":[{"messageId":"1","receiptHandle":"1","body":"exports/%s/%s.0123456789abcdef.en.html",
                "attributes":{"ApproximateReceiveCount":"1"},"messageAttributes":{},"eventSource":"aws:sqs","awsRegion":"eu-central-1",
                "eventSourceARN":"arn:aws:sqs:eu-central-1:123456789012:exports.fifo"}]}""".formatted(Postgres.OWNER, UUID.randomUUID()),
                "null"::equals);
    }

    @Test
    void theSchemaIsUpToDate_andMaintenanceDoesEachJob() throws Exception {
        assertAnswers(
                "operations",
                "dev.steptrail.operations.MigrateHandler",
                "{}",
                answer -> answer.contains("\"migrations\":0"));
        assertAnswers(
                "operations",
                "dev.steptrail.operations.MaintenanceHandler",
                "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\"}",
                answer -> answer.contains("\"partitions\":\"done\"") && answer.contains("\"retention\":\"done\""));
    }
}
