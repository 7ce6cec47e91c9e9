package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import dev.steptrail.localcloud.SharedSetup;
import dev.steptrail.localcloud.identity.Issuer;
import dev.steptrail.stepformat.MemoryFolder;
import dev.steptrail.stepformat.Waiting;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A local cloud in a separate process, with access to its API, data and log. */
public final class CloudProcess implements AutoCloseable {
    private final Path data;
    private final Program program;
    private final Map<String, String> environment;
    private final SqsClient sqs;

    private static final class Shared {
        static final CloudProcess CLOUD = start();

        private static CloudProcess start() {
            try {
                Path data = MemoryFolder.create();
                CloudProcess cloud = CloudProcess.start(data);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    cloud.close();
                    FileUtils.deleteQuietly(data.toFile());
                }));
                return cloud;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("the shared cloud does not start", e);
            }
        }
    }

    private CloudProcess(Path data, Program program, Map<String, String> environment) {
        this.data = data;
        this.program = program;
        this.environment = environment;
        this.sqs = SqsClient.builder()
                .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_SQS")))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY"))))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    /**
     * Returns the cloud that all tests share. It runs until this JVM ends. It ignores the template's request limits,
     * which tests that run in parallel would exceed.
     */
    public static CloudProcess shared() {
        return Shared.CLOUD;
    }

    /** Starts a cloud and waits until it is ready. */
    public static CloudProcess start(Path data, String... options) throws IOException, InterruptedException {
        return start(Program.ROOT.resolve("sam-template.yaml"), data, options);
    }

    /**
     * Starts a cloud without a batching window, for tests that send a few messages often, and without the template's
     * request limits, which browsers that run in parallel would exceed.
     */
    public static CloudProcess startHasty(Path data) throws IOException, InterruptedException {
        String template = Files.readString(Program.ROOT.resolve("sam-template.yaml"));
        String hasty = template.replaceFirst(
                "BatchSize: 100\\n( +)MaximumBatchingWindowInSeconds: 1",
                "BatchSize: 10\n$1MaximumBatchingWindowInSeconds: 0");
        assertThat(hasty).isNotEqualTo(template);
        return start(Files.writeString(data.resolve("template.yaml"), hasty), data);
    }

    private static CloudProcess start(Path template, Path data, String... options)
            throws IOException, InterruptedException {
        SharedSetup.addTo(data);
        Object[] arguments =
                Stream.concat(Stream.of("--data", data), Stream.of(options)).toArray();
        Program program = Program.up(template, arguments);
        String line = program.readLine();
        assertThat(line).as(String.join("\n", program.errors())).isNotNull();
        Map<String, String> environment = LocalEnv.load("sh", data.resolve("local.env"));
        assertThat(line).isEqualTo("ready " + environment.get("STEPTRAIL_API"));
        return new CloudProcess(data, program, environment);
    }

    Path data() {
        return data;
    }

    /** Returns the variables in DIR/local.env. */
    public Map<String, String> environment() {
        return environment;
    }

    /** Returns the API client of the owner of the runs that are recorded here. */
    public Api api() {
        return new Api(environment.get("STEPTRAIL_API"), environment.get("STEPTRAIL_TOKEN"));
    }

    /** Returns an API client with a token of this cloud's issuer for any user and claims. */
    Api apiOf(String user, Map<String, Object> claims, Duration lifetime) throws Exception {
        String address = environment.get("STEPTRAIL_API");
        String key = Files.readString(data.resolve("signing-key.json"));
        return new Api(address, new Issuer(address, "steptrail", RSAKey.parse(key)).token(user, claims, lifetime));
    }

    public Connection database() throws SQLException, IOException {
        Map<String, String> settings = functionSettings();
        return DriverManager.getConnection(
                settings.get("STEPTRAIL_DATABASE_URL"),
                settings.get("STEPTRAIL_DATABASE_USER"),
                settings.get("STEPTRAIL_DATABASE_PASSWORD"));
    }

    /** Returns the environment of a function of this cloud that uses the database and the bucket. */
    Map<String, String> functionSettings() throws IOException {
        Properties settings = new Properties();
        try (Reader file = Files.newBufferedReader(data.resolve("settings.properties"))) {
            settings.load(file);
        }
        Map<String, String> all = new HashMap<>(environment);
        all.put(
                "STEPTRAIL_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + settings.getProperty("database.port") + "/steptrail");
        all.put("STEPTRAIL_DATABASE_USER", "steptrail");
        all.put("STEPTRAIL_DATABASE_PASSWORD", settings.getProperty("database.password"));
        return all;
    }

    /** Returns a client of this cloud's queues, which is closed with the cloud. */
    public SqsClient sqs() {
        return sqs;
    }

    /** Returns the lines written to standard error so far. */
    List<String> errors() throws IOException {
        return program.errors();
    }

    /** Waits until ingest has processed all messages in the queue. */
    public void awaitIngest() throws InterruptedException {
        Waiting.until("the queue is empty", () -> sqs
                .getQueueAttributes(request -> request.queueUrl(environment.get("STEPTRAIL_QUEUE_URL"))
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .allMatch("0"::equals));
    }

    Process process() {
        return program.process();
    }

    /** Returns the process, its descendants, and Postgres, which is not a descendant. */
    List<ProcessHandle> processes() {
        ProcessHandle self = process().toHandle();
        List<ProcessHandle> postgres = Processes.postgresOn(data);
        assertThat(postgres).isNotEmpty();
        return Stream.of(Stream.of(self), self.descendants(), postgres.stream())
                .flatMap(processes -> processes)
                .toList();
    }

    /** Stops the cloud with SIGTERM, and kills it after 20 s. */
    @Override
    public void close() {
        sqs.close();
        process().destroy();
        try {
            if (!process().waitFor(20, TimeUnit.SECONDS)) {
                process().destroyForcibly();
            }
        } catch (InterruptedException e) {
            process().destroyForcibly();
        }
    }
}
