package dev.steptrail.bench.api;

import dev.steptrail.bench.DistinctScreens;
import dev.steptrail.bench.Jvm;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.localcloud.LocalCloud;
import dev.steptrail.localcloud.identity.Issuer;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The local cloud as {@code up} runs it, in a process of its own, with a folder that goes with it. */
final class RunningCloud implements AutoCloseable {
    private final Path folder;
    private final Jvm process;
    private final Properties environment;
    private final Postgres postgres;
    private final Tokens tokens;

    private RunningCloud(Path folder, Jvm process, Properties environment, Postgres postgres, Tokens tokens) {
        this.folder = folder;
        this.process = process;
        this.environment = environment;
        this.postgres = postgres;
        this.tokens = tokens;
    }

    /** Starts it; both the bench's sender and the one that it stamps messages with send for {@link Postgres#OWNER}. */
    static RunningCloud start() throws IOException, ParseException {
        Path folder = Files.createTempDirectory("bench-cloud");
        Path template = folder.resolve("template.yaml");
        TemplateWithNoOp.write(Path.of("sam-template.yaml"), template);
        Path data = folder.resolve("data");
        List<String> arguments = List.of("--data", data.toString(), "--template", template.toString());
        Jvm process = new Jvm(LocalCloud.class, Jvm.everything(), Map.of(), List.of(), arguments);
        String address = process.await("ready");
        Properties settings = properties(data.resolve("settings.properties"));
        Postgres postgres = new Postgres(
                Integer.parseInt(settings.getProperty("database.port")), settings.getProperty("database.password"));
        Properties environment = properties(data.resolve("local.env"));
        postgres.register(Postgres.SENDER);
        postgres.register(value(environment, "STEPTRAIL_SENDER"));
        String key = Files.readString(data.resolve("signing-key.json"));
        return new RunningCloud(
                folder,
                process,
                environment,
                postgres,
                new Tokens(new Issuer(address, "steptrail", Issuer.parseKey(key))));
    }

    private static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(file)) {
            properties.load(text);
        }
        return properties;
    }

    /** Of local.env, which quotes values for a shell. */
    private static String value(Properties environment, String name) {
        String quoted = environment.getProperty(name);
        return quoted.substring(1, quoted.length() - 1);
    }

    ApiClient client() {
        return new ApiClient(URI.create(value(environment, "STEPTRAIL_API")));
    }

    Tokens tokens() {
        return tokens;
    }

    Postgres postgres() {
        return postgres;
    }

    String queueUrl() {
        return value(environment, "STEPTRAIL_QUEUE_URL");
    }

    SqsClient sqs() {
        return SqsClient.builder()
                .endpointOverride(URI.create(value(environment, "AWS_ENDPOINT_URL_SQS")))
                .region(Region.of(value(environment, "AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        value(environment, "AWS_ACCESS_KEY_ID"), value(environment, "AWS_SECRET_ACCESS_KEY"))))
                .build();
    }

    /** Stops it, and its Postgres with it. */
    @Override
    public void close() throws IOException {
        process.close();
        DistinctScreens.remove(folder);
    }
}
