package dev.steptrail.localcloud;

import dev.steptrail.localcloud.database.Database;
import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.functions.InvocationException;
import dev.steptrail.localcloud.functions.ResourceMaker;
import dev.steptrail.localcloud.gateway.Gateway;
import dev.steptrail.localcloud.queues.EventSource;
import dev.steptrail.localcloud.queues.QueueServer;
import dev.steptrail.localcloud.schedules.ScheduleRunner;
import dev.steptrail.localcloud.storage.BucketServer;
import dev.steptrail.localcloud.template.CustomResource;
import dev.steptrail.localcloud.template.DeploymentContext;
import dev.steptrail.localcloud.template.Function;
import dev.steptrail.localcloud.template.Queue;
import dev.steptrail.localcloud.template.Schedule;
import dev.steptrail.localcloud.template.Template;
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
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Runs one template on this machine until it is closed. */
final class Cloud implements AutoCloseable {
    private static final String ACCOUNT = "000000000000";
    private static final String REGION = "us-east-1";
    private static final String STACK = "steptrail";
    static final String SENDER = "local";

    private final RunningParts parts = new RunningParts();
    private final LocalSettings settings;
    private final java.util.function.Function<Message, String> sender;
    private final Map<String, FunctionHost> functions = new LinkedHashMap<>();

    Cloud(LocalSettings settings) {
        this(settings, message -> SENDER);
    }

    /** @param sender the SenderId that a message is stamped with */
    Cloud(LocalSettings settings, java.util.function.Function<Message, String> sender) {
        this.settings = settings;
        this.sender = sender;
    }

    /**
     * Reads the template and starts its parts in this order: Postgres, queues and buckets in parallel; custom resources; pollers; schedules;
     * gateway. If it fails, the parts that are running stop at {@link #close}.
     *
     * @param overrides values for the template's parameters; they take precedence over the local ones
     * @param beforeTraffic receives the functions' database settings after the migration, before any function is invoked
     * @return the variables of DIR/local.env
     */
    Map<String, String> start(
            Path templateFile, Map<String, String> overrides, Consumer<Map<String, String>> beforeTraffic)
            throws Exception {
        Template template = TemplateReader.read(templateFile, deploymentContext(overrides));
        for (Function function : template.functions()) {
            functions.put(function.id(), new FunctionHost(function, access()));
        }
        FutureTask<Database> database = new FutureTask<>(() -> parts.start(() -> Database.start(
                settings.folder().folder(LocalSettings.DATABASE_FOLDER),
                settings.databasePort(),
                settings.databasePassword())));
        new Thread(database, "start-postgres").start();
        SqsClient sqs = startQueues(template);
        startBuckets(template);
        started(database);
        for (FunctionHost function : functions.values()) {
            parts.start(() -> function); // they end before the servers that they use
        }
        makeResources(template);
        beforeTraffic.accept(Map.of(
                "STEPTRAIL_DATABASE_URL", Database.url(settings.databasePort()),
                "STEPTRAIL_DATABASE_USER", Database.NAME,
                "STEPTRAIL_DATABASE_PASSWORD", settings.databasePassword()));
        for (Function function : template.functions()) {
            for (Function.QueueEvent event : function.queueEvents()) {
                parts.start(() -> eventSource(sqs, template, function, event).start());
            }
            for (Schedule schedule : function.schedules()) {
                parts.start(() -> new ScheduleRunner(schedule, host(function), REGION, ACCOUNT).start());
            }
        }
        Path description = templateFile.resolveSibling("infra/openapi.yaml");
        parts.start(
                () -> Gateway.start(settings.apiPort(), template.routes(), functions, settings.signIn(), description));
        return environment(template);
    }

    private SqsClient startQueues(Template template) throws Exception {
        parts.start(() -> QueueServer.start(settings.folder().folder("queues"), settings.queuePort(), REGION, ACCOUNT));
        SqsClient sqs = parts.start(this::sqs);
        QueueServer.create(sqs, template.queues());
        return sqs;
    }

    private void startBuckets(Template template) throws Exception {
        parts.start(() -> BucketServer.start(
                settings.folder().folder("buckets"),
                settings.bucketPort(),
                settings.accessKey(),
                settings.secretKey(),
                template.buckets()));
        try (S3Client s3 = s3()) {
            BucketServer.create(s3, template.buckets());
        }
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

    private EventSource eventSource(SqsClient sqs, Template template, Function function, Function.QueueEvent event) {
        Queue queue = template.queues().stream()
                .filter(candidate -> candidate.arn().equals(event.queueArn()))
                .findFirst()
                .orElseThrow(() -> new SetupException(
                        function.id() + ": its queue " + event.queueArn() + " is not in the template"));
        String url = sqs.getQueueUrl(request -> request.queueName(queue.name())).queueUrl();
        return new EventSource(sqs, url, event, host(function), REGION, sender);
    }

    private FunctionHost host(Function function) {
        FunctionHost host = functions.get(function.id());
        if (host == null) {
            throw new IllegalStateException("no function " + function.id());
        }
        return host;
    }

    /** The settings with which an AWS SDK finds the local S3 and SQS. */
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
        values.put("STEPTRAIL_TOKEN", settings.token(LocalEnv.OWNER, false));
        return values;
    }

    private SqsClient sqs() {
        return SqsClient.builder()
                .endpointOverride(URI.create(settings.queueUrl()))
                .region(Region.of(REGION))
                .credentialsProvider(credentials())
                .httpClientBuilder(ApacheHttpClient.builder().socketTimeout(Duration.ofSeconds(30)))
                .build();
    }

    private S3Client s3() {
        return S3Client.builder()
                .endpointOverride(URI.create(settings.bucketUrl()))
                .region(Region.of(REGION))
                .credentialsProvider(credentials())
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    private StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(settings.accessKey(), settings.secretKey()));
    }

    @Override
    public void close() {
        parts.close();
    }
}
