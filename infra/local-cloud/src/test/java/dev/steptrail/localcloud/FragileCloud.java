package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A local cloud in this JVM with changed values of the template, whose Postgres can be killed and restarted. */
final class FragileCloud implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final KillablePostgres postgres;
    final SqsClient sqs;
    final String queue;
    final String deadLetters;

    private final LocalSettings settings;
    private final LocalDeployment cloud;

    private FragileCloud(
            LocalSettings settings, LocalDeployment cloud, Map<String, String> environment, String deadLetters)
            throws Exception {
        this.settings = settings;
        this.cloud = cloud;
        this.postgres = new KillablePostgres(settings.folder().folder(LocalSettings.DATABASE_FOLDER));
        this.sqs = SqsClient.builder()
                .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_SQS")))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
        this.queue = environment.get("STEPTRAIL_QUEUE_URL");
        this.deadLetters =
                sqs.getQueueUrl(request -> request.queueName(deadLetters)).queueUrl();
    }

    /**
     * Starts a cloud.
     *
     * @param changes changes the template's text
     * @param sender the SenderId that a message is stamped with
     */
    static FragileCloud start(UnaryOperator<String> changes, Function<Message, String> sender, List<Agent> agents)
            throws Exception {
        Path temporary = LastingFolder.create();
        Path template = temporary.resolve("template.yaml");
        // ElasticMQ's connection pool is global: all clouds of this process share a store and need unique queue names.
        int number = NUMBER.incrementAndGet();
        String deadLetters = "DeadLetters" + number;
        Files.writeString(
                template,
                changes.apply(Files.readString(Path.of("../../sam-template.yaml")))
                        .replace("StepsDeadLetterQueue", deadLetters)
                        .replace("StepsQueue", "Steps" + number));
        SharedSetup.addTo(temporary.resolve("data"));
        DataFolder folder = new DataFolder(temporary.resolve("data"));
        folder.lock();
        LocalSettings settings = LocalSettings.prepare(folder, null);
        LocalDeployment cloud = new LocalDeployment(settings, sender);
        Map<String, String> environment = cloud.start(template, Map.of(), databaseSettings -> {
            try (Database database = new Database(new Settings(databaseSettings))) {
                agents.forEach(new AgentRepository(database)::register);
            }
        });
        return new FragileCloud(settings, cloud, environment, "steptrail-" + deadLetters);
    }

    /** Replaces a value that occurs exactly once in the template. */
    static String changed(String template, String from, String to) {
        assertThat(template).containsOnlyOnce(from);
        return template.replace(from, to);
    }

    int waiting(String url) {
        return count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
    }

    int inFlight(String url) {
        return count(url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
    }

    private int count(String url, QueueAttributeName which) {
        return Integer.parseInt(
                sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(which))
                        .attributes()
                        .get(which));
    }

    Connection database() throws SQLException {
        return database("steptrail");
    }

    /** @param role {@code steptrail}, or the superuser {@code postgres} */
    Connection database(String role) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + settings.databasePort() + "/steptrail",
                role,
                settings.databasePassword());
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Returns the first column of the query's rows as text. */
    List<String> column(String sql) throws SQLException {
        try (Connection connection = database();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** Returns the number that the query selects; -1 while Postgres is unavailable. */
    int number(String sql) {
        try {
            return Integer.parseInt(column(sql).get(0));
        } catch (SQLException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        sqs.close();
        cloud.close();
    }
}
