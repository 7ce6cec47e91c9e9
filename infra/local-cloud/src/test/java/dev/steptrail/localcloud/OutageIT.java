package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.Agent;
import dev.steptrail.store.Database;
import dev.steptrail.store.RegisterAgent;
import dev.steptrail.store.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What becomes of messages in the real queue while the real ingest cannot write them. The template's times are shortened. */
class OutageIT {
    private static final String TASK = "019ca8d7-2d00-7614-be0c-a34679c541d";
    private static final int MAX_RECEIVES = 3;

    @TempDir
    private static Path temporary;

    private static Home home;
    private static Cloud cloud;
    private static SqsClient sqs;
    private static String queue;
    private static String deadLetters;

    @BeforeAll
    static void start() throws Exception {
        DataFolder folder = new DataFolder(temporary.resolve("data"));
        folder.lock();
        home = Home.prepare(folder, null);
        cloud = new Cloud(home);
        Map<String, String> environment = cloud.start(impatientTemplate(), Map.of(), settings -> {
            try (Database database = new Database(new Settings(settings))) {
                new RegisterAgent(database).register(new Agent(Cloud.SENDER, "demo", List.of()));
            }
        });
        sqs = SqsClient.builder()
                .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_SQS")))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
        queue = environment.get("STEPTRAIL_QUEUE_URL");
        deadLetters = sqs.getQueueUrl(request -> request.queueName("steptrail-StepsDeadLetterQueue"))
                .queueUrl();
    }

    @AfterAll
    static void stop() {
        sqs.close();
        cloud.close();
    }

    @Test
    void whatIsInTheQueueWhenPostgresIsKilled_isDeliveredAgain_andWrittenOnceItIsBack() throws Exception {
        String task = TASK + "1";
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE"); // ingest takes a batch and waits
            IntStream.rangeClosed(1, 5).forEach(number -> send(step(task, number, "action")));
            await("ingest hangs", () -> rows("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
            IntStream.rangeClosed(6, 10).forEach(number -> send(step(task, number, "action")));
            killPostgres();
        }
        await("each message was tried in vain", () -> count(queue, inFlight()) == 10);
        startPostgres();

        await("all is written", () -> rows("SELECT count(*) FROM task_steps WHERE task_id = '" + task + "'") == 10);
        await("the queue is empty", () -> count(queue, waiting()) + count(queue, inFlight()) == 0);
        assertThat(count(deadLetters, waiting())).isZero();
        assertThat(rows("SELECT total_steps FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo(10);
    }

    @Test
    void aMessageThatCrashesIngestEachTime_endsInTheDeadLetterQueue_andOthersAreWritten() throws Exception {
        String task = TASK + "2";
        execute("""
                CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF NEW.step_type = 'crash' THEN
                        PERFORM pg_terminate_backend(pg_backend_pid());
                        PERFORM pg_sleep(1);
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER crash BEFORE INSERT ON task_steps FOR EACH ROW EXECUTE FUNCTION crash()
                """);
        String crash = step(task, 1, "crash");
        send(crash);

        await("it is given up", () -> count(deadLetters, waiting()) == 1);
        send(step(task, 2, "action"));

        await("the next is written", () -> rows("SELECT count(*) FROM task_steps WHERE task_id = '" + task + "'") == 1);
        List<Message> dead =
                sqs.receiveMessage(request -> request.queueUrl(deadLetters)).messages();
        assertThat(dead).extracting(Message::body).containsExactly(crash);
        assertThat(rows("SELECT count(*) FROM rejected_messages")).isZero();
        assertThat(count(queue, waiting()) + count(queue, inFlight())).isZero();
    }

    /** The template of the cloud, but a message is tried again after seconds, and given up after a few times. */
    private static Path impatientTemplate() throws Exception {
        String text = Files.readString(Path.of("../../sam-template.yaml"));
        text = changed(text, "    Timeout: 30\n", "    Timeout: 7\n"); // ingest begins nothing in the last 5 s
        text = changed(text, "VisibilityTimeout: 360", "VisibilityTimeout: 7");
        text = changed(text, "maxReceiveCount: 900", "maxReceiveCount: " + MAX_RECEIVES);
        return Files.writeString(temporary.resolve("template.yaml"), text);
    }

    private static String changed(String text, String from, String to) {
        assertThat(text).containsOnlyOnce(from);
        return text.replace(from, to);
    }

    private static void killPostgres() throws Exception {
        String pid = Files.readAllLines(data().resolve("postmaster.pid")).get(0);
        ProcessHandle postgres = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        List<ProcessHandle> processes =
                Stream.concat(Stream.of(postgres), postgres.descendants()).toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        await("Postgres is gone", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** As it was started before; root may not run it, but in a namespace where it is nobody. */
    private static void startPostgres() throws Exception {
        String asNobody = System.getProperty("user.name").equals("root") ? "unshare -U " : "";
        new ProcessBuilder("sh", "-c", "eval \"exec $1$(cat postmaster.opts)\"", "start-postgres", asNobody)
                .directory(data().toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Path data() throws IOException {
        return home.folder().folder(Home.DATABASE_FOLDER).resolve("data");
    }

    private static void send(String record) {
        sqs.sendMessage(request -> request.queueUrl(queue).messageBody(record));
    }

    /** A message with one step. */
    private static String step(String task, int number, String type) {
        return ("{\"v\":1,\"records\":[{\"v\":1,\"record\":\"step\",\"task_id\":\"%s\",\"timestamp\":"
                        + "\"2026-05-14T09:41:%02dZ\",\"step_number\":%d,\"step_type\":\"%s\"}]}")
                .formatted(task, number, number, type);
    }

    private static QueueAttributeName waiting() {
        return QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
    }

    private static QueueAttributeName inFlight() {
        return QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE;
    }

    private static int count(String url, QueueAttributeName which) {
        return Integer.parseInt(
                sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(which))
                        .attributes()
                        .get(which));
    }

    private static Connection database() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + home.databasePort() + "/steptrail",
                "steptrail",
                home.databasePassword());
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The number that {@code sql} finds; -1 while Postgres is not there. */
    private static int rows(String sql) {
        try (Connection connection = database();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getInt(1) : -1;
        } catch (SQLException e) {
            return -1;
        }
    }

    private static void await(String what, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 60 s until %s", what).isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
