package dev.steptrail.localcloud;

import dev.steptrail.localcloud.functions.EventSource;
import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.functions.InvocationException;
import dev.steptrail.localcloud.functions.ResourceMaker;
import dev.steptrail.localcloud.functions.ScheduleRunner;
import dev.steptrail.localcloud.gateway.Gateway;
import dev.steptrail.localcloud.servers.BucketServer;
import dev.steptrail.localcloud.servers.Database;
import dev.steptrail.localcloud.servers.QueueServer;
import dev.steptrail.localcloud.template.DeploymentContext;
import dev.steptrail.localcloud.template.Template;
import dev.steptrail.localcloud.template.Template.CustomResource;
import dev.steptrail.localcloud.template.Template.Function.QueueEvent;
import dev.steptrail.localcloud.template.Template.Function.ScheduledEvent;
import dev.steptrail.localcloud.template.TemplateReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Runs one template on this machine until it is closed. */
final class Cloud implements AutoCloseable {
    private static final String ACCOUNT = "000000000000";
    private static final String REGION = "us-east-1";
    private static final String STACK = "steptrail";
    static final String SENDER = "local";

    /** The user of the token in DIR/local.env. */
    static final String OWNER = "demo";

    private final RunningParts parts = new RunningParts();
    private final LocalSettings settings;
    private final Function<Message, String> sender;
    private final Map<String, FunctionHost> functions = new LinkedHashMap<>();

    Cloud(LocalSettings settings) {
        this(settings, message -> SENDER);
    }

    /** @param sender the SenderId that a message is stamped with */
    Cloud(LocalSettings settings, Function<Message, String> sender) {
        this.settings = settings;
        this.sender = sender;
    }

    /**
     * Reads the template and starts its parts in this order: Postgres, queues and buckets in parallel; custom
     * resources; pollers; schedules; gateway. If it fails, {@link #close} stops the parts that were started.
     *
     * @param overrides values for the template's parameters; they take precedence over the local ones
     * @param beforeTraffic receives the database settings after the migration, before other invocations
     * @return the variables of DIR/local.env
     */
    Map<String, String> start(
            Path templateFile, Map<String, String> overrides, Consumer<Map<String, String>> beforeTraffic)
            throws Exception {
        Template template = TemplateReader.read(templateFile, deploymentContext(overrides));
        template.functions().forEach(function -> functions.put(function.id(), new FunctionHost(function, access())));
        FutureTask<Database> database = new FutureTask<>(() -> parts.start(() -> Database.start(
                settings.folder().folder(LocalSettings.DATABASE_FOLDER),
                settings.databasePort(),
                settings.databasePassword())));
        new Thread(database, "start-postgres").start();
        parts.start(() -> QueueServer.start(
                settings.folder().folder("queues"), settings.queuePort(), REGION, ACCOUNT, template.queues()));
        parts.start(() -> BucketServer.start(
                settings.folder().folder("buckets"),
                settings.bucketPort(),
                settings.accessKey(),
                settings.secretKey(),
                template.buckets()));
        SqsClient sqs = parts.start(this::sqs);
        started(database);
        for (FunctionHost function : functions.values()) {
            parts.start(() -> function); // closed before the servers that they use, since parts close in reverse order
        }
        makeResources(template);
        beforeTraffic.accept(Map.of(
                "STEPTRAIL_DATABASE_URL", Database.url(settings.databasePort()),
                "STEPTRAIL_DATABASE_USER", Database.NAME,
                "STEPTRAIL_DATABASE_PASSWORD", settings.databasePassword()));
        for (FunctionHost function : functions.values()) {
            startEventSources(sqs, function);
        }
        Path description = templateFile.resolveSibling("infra/openapi.yaml");
        parts.start(
                () -> Gateway.start(settings.apiPort(), template.routes(), functions, settings.signIn(), description));
        return environment(template);
    }

    private static void started(FutureTask<?> part) throws Exception {
        try {
            part.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private DeploymentContext deploymentContext(Map<String, String> overrides) {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("DatabaseUrl", Database.url(settings.databasePort()));
        parameters.put("DatabaseUser", Database.NAME);
        parameters.put("DatabasePassword", settings.databasePassword());
        parameters.put("JwtIssuer", settings.issuer().url());
        parameters.put("JwtAudience", settings.issuer().audience());
        parameters.put("ViewerOrigin", settings.apiUrl());
        parameters.put("AdminClaim", LocalSettings.ADMIN_CLAIM);
        parameters.put("AdminValue", LocalSettings.ADMIN_VALUE);
        parameters.putAll(overrides);
        return new DeploymentContext(
                STACK, REGION, ACCOUNT, settings.queueUrl() + "/" + ACCOUNT, settings.apiUrl(), parameters);
    }

    private void makeResources(Template template) throws IOException, InterruptedException {
        ResourceMaker maker = new ResourceMaker(STACK);
        for (CustomResource resource : template.customResources()) {
            FunctionHost host = functions.values().stream()
                    .filter(candidate -> candidate.function().arn().equals(resource.functionArn()))
                    .findFirst()
                    .orElseThrow(() ->
                            new SetupException(resource.id() + ": ServiceToken names no function of the template"));
            try {
                maker.make(resource, host);
            } catch (InvocationException | TimeoutException e) {
                throw new SetupException("cannot start without " + resource.id() + ": " + e.getMessage());
            }
        }
    }

    private void startEventSources(SqsClient sqs, FunctionHost host) throws Exception {
        for (QueueEvent event : host.function().queueEvents()) {
            String url = settings.queueUrl() + "/" + ACCOUNT + "/" + QueueServer.queueName(event.queueArn());
            parts.start(() -> new EventSource(sqs, url, event, host, REGION, sender).start());
        }
        for (ScheduledEvent event : host.function().scheduledEvents()) {
            parts.start(() -> new ScheduleRunner(event, host, REGION, ACCOUNT).start());
        }
    }

    /** Returns the environment variables that point an AWS SDK to the local S3 and SQS. */
    private Map<String, String> access() {
        return Map.of(
                "AWS_ENDPOINT_URL_S3", settings.bucketUrl(),
                "AWS_ENDPOINT_URL_SQS", settings.queueUrl(),
                "AWS_REGION", REGION,
                "AWS_ACCESS_KEY_ID", settings.accessKey(),
                "AWS_SECRET_ACCESS_KEY", settings.secretKey());
    }

    private Map<String, String> environment(Template template) {
        Map<String, String> values = new HashMap<>(access());
        values.put("STEPTRAIL_QUEUE_URL", template.output("QueueUrl"));
        values.put("STEPTRAIL_BUCKET", template.output("BucketName"));
        values.put("STEPTRAIL_SENDER", SENDER);
        values.put("STEPTRAIL_API", template.output("ApiUrl"));
        values.put("STEPTRAIL_TOKEN", settings.token(OWNER, false));
        return values;
    }

    private SqsClient sqs() {
        return SqsClient.builder()
                .endpointOverride(URI.create(settings.queueUrl()))
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
                .httpClientBuilder(ApacheHttpClient.builder().socketTimeout(Duration.ofSeconds(30)))
                .build();
    }

    @Override
    public void close() {
        parts.close();
    }
}
