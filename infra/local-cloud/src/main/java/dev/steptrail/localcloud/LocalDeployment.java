package dev.steptrail.localcloud;

import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.functions.InvocationException;
import dev.steptrail.localcloud.functions.QueuePoller;
import dev.steptrail.localcloud.functions.ScheduleRunner;
import dev.steptrail.localcloud.gateway.Gateway;
import dev.steptrail.localcloud.servers.BucketServer;
import dev.steptrail.localcloud.servers.Database;
import dev.steptrail.localcloud.servers.ParameterServer;
import dev.steptrail.localcloud.servers.QueueServer;
import dev.steptrail.localcloud.template.DeploymentContext;
import dev.steptrail.localcloud.template.Template;
import dev.steptrail.localcloud.template.Template.CustomResource;
import dev.steptrail.localcloud.template.Template.Function.QueueEvent;
import dev.steptrail.localcloud.template.Template.Function.ScheduledEvent;
import dev.steptrail.localcloud.template.TemplateReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.ssm.SsmClient;

/** Runs the services of a template on this machine until it is closed. */
final class LocalDeployment implements AutoCloseable {
    private static final String ACCOUNT = "000000000000";
    private static final String REGION = "us-east-1";
    private static final String STACK = "steptrail";

    private static final Duration SETUP_TIMEOUT = Duration.ofMinutes(15);

    private static final String PASSWORD_PARAMETER = "/steptrail/" + STACK + "/database-password";

    /** The id of this machine's sender. */
    static final String SENDER = "local";

    /** The user of the token in {@code local.env}. */
    static final String OWNER = "demo";

    private final ServiceLifecycle services = new ServiceLifecycle();
    private final LocalSettings settings;
    private final Function<Message, String> senderId;
    private final Map<String, FunctionHost> functions = new LinkedHashMap<>();

    LocalDeployment(LocalSettings settings) {
        this(settings, message -> SENDER);
    }

    /** @param senderId returns the SenderId of a message; ElasticMQ does not provide it */
    LocalDeployment(LocalSettings settings, Function<Message, String> senderId) {
        this.settings = settings;
        this.senderId = senderId;
    }

    /**
     * Reads the template and starts its services in this order: Postgres, in parallel with queues, buckets and
     * parameters; custom resources; pollers; schedules; gateway. If it fails, {@link #close} stops the services that
     * were started.
     *
     * @param overrides values of template parameters, which replace those of the local deployment
     * @param beforeTraffic receives the database settings after the migration, before other invocations
     * @return the variables for {@code local.env}
     */
    Map<String, String> start(
            Path templateFile, Map<String, String> overrides, Consumer<Map<String, String>> beforeTraffic)
            throws Exception {
        Template template = TemplateReader.read(templateFile, deploymentContext(overrides));
        template.functions()
                .forEach(function -> functions.put(function.id(), new FunctionHost(function, functionVariables())));
        FutureTask<Database> database = new FutureTask<>(() -> services.start(() -> Database.start(
                settings.folder().folder(LocalSettings.DATABASE_FOLDER),
                settings.databasePort(),
                settings.databasePassword())));
        new Thread(database, "start-postgres").start();
        services.start(() -> QueueServer.start(
                settings.folder().folder("queues"), settings.queuePort(), REGION, ACCOUNT, template.queues()));
        services.start(() -> BucketServer.start(
                settings.folder().folder("buckets"),
                settings.bucketPort(),
                settings.accessKey(),
                settings.secretKey(),
                template.buckets()));
        ParameterServer parameters = services.start(() -> ParameterServer.start(
                settings.folder().folder("parameters"), settings.parameterPort(), settings.secretKey()));
        parameters.put(PASSWORD_PARAMETER, settings.databasePassword());
        loadParameterClient();
        SqsClient sqs = services.start(() -> createClient(SqsClient.builder(), settings.queueUrl()));
        await(database);
        for (FunctionHost function : functions.values()) {
            services.start(() -> function); // registered here to be closed before the servers
        }
        createCustomResources(template);
        beforeTraffic.accept(Map.of(
                "STEPTRAIL_DATABASE_URL", Database.url(settings.databasePort()),
                "STEPTRAIL_DATABASE_USER", Database.NAME,
                "STEPTRAIL_DATABASE_PASSWORD", settings.databasePassword()));
        for (FunctionHost function : functions.values()) {
            startEventSources(sqs, function);
        }
        Path openApi = templateFile.resolveSibling("infra/openapi.yaml");
        services.start(
                () -> Gateway.start(settings.apiPort(), template.routes(), functions, settings.signIn(), openApi));
        return clientEnvironment(template);
    }

    private static void await(FutureTask<?> start) throws Exception {
        try {
            start.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private DeploymentContext deploymentContext(Map<String, String> overrides) {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("DatabaseUrl", Database.url(settings.databasePort()));
        parameters.put("DatabaseUser", Database.NAME);
        parameters.put("DatabasePasswordParameter", PASSWORD_PARAMETER);
        parameters.put("JwtIssuer", settings.issuer().url());
        parameters.put("JwtAudience", settings.issuer().audience());
        parameters.put("ViewerOrigin", settings.apiUrl());
        parameters.put("AdminClaim", LocalSettings.ADMIN_CLAIM);
        parameters.put("AdminValue", LocalSettings.ADMIN_VALUE);
        parameters.putAll(overrides);
        return new DeploymentContext(
                STACK, REGION, ACCOUNT, settings.queueUrl() + "/" + ACCOUNT, settings.apiUrl(), parameters);
    }

    /**
     * Invokes the functions of the custom resources without CloudFormation's event, to which they would have to
     * respond.
     */
    private void createCustomResources(Template template) throws InterruptedException {
        for (CustomResource resource : template.customResources()) {
            FunctionHost host = functions.values().stream()
                    .filter(candidate -> candidate.function().aliasArn().equals(resource.functionArn()))
                    .findFirst()
                    .orElseThrow(() -> new SetupException(
                            resource.id() + ": ServiceToken is not the alias of a function in the template"));
            try {
                host.invoke("{}".getBytes(StandardCharsets.UTF_8), SETUP_TIMEOUT);
            } catch (InvocationException | TimeoutException e) {
                throw new SetupException("cannot create " + resource.id() + ": " + e.getMessage());
            }
        }
    }

    private void startEventSources(SqsClient sqs, FunctionHost host) throws Exception {
        for (QueueEvent event : host.function().queueEvents()) {
            String url = settings.queueUrl() + "/" + ACCOUNT + "/" + QueueServer.queueName(event.queueArn());
            services.start(() -> new QueuePoller(sqs, url, event, host, REGION, senderId).start());
        }
        for (ScheduledEvent event : host.function().scheduledEvents()) {
            services.start(() -> new ScheduleRunner(event, host).start());
        }
    }

    /** Returns the environment variables that point an AWS SDK to the local S3 and SQS. */
    private Map<String, String> awsVariables() {
        return Map.of(
                "AWS_ENDPOINT_URL_S3", settings.bucketUrl(),
                "AWS_ENDPOINT_URL_SQS", settings.queueUrl(),
                "AWS_REGION", REGION,
                "AWS_ACCESS_KEY_ID", settings.accessKey(),
                "AWS_SECRET_ACCESS_KEY", settings.secretKey());
    }

    private Map<String, String> functionVariables() {
        Map<String, String> variables = new HashMap<>(awsVariables());
        variables.put("AWS_ENDPOINT_URL_SSM", settings.parameterUrl());
        return variables;
    }

    private Map<String, String> clientEnvironment(Template template) {
        Map<String, String> values = new HashMap<>(awsVariables());
        values.put("STEPTRAIL_QUEUE_URL", template.output("QueueUrl"));
        values.put("STEPTRAIL_BUCKET", template.output("BucketName"));
        values.put("STEPTRAIL_SENDER", SENDER);
        values.put("STEPTRAIL_API", template.output("ApiUrl"));
        values.put("STEPTRAIL_TOKEN", settings.token(OWNER, false));
        return values;
    }

    /**
     * Reads a parameter without the functions' limit of 4 seconds. The first request of a process loads the classes of
     * the SDK's client, which takes longer on a machine that is busy, for example with the build before this start.
     */
    private void loadParameterClient() {
        try (SsmClient ssm = createClient(SsmClient.builder(), settings.parameterUrl())) {
            ssm.getParameter(request -> request.name(PASSWORD_PARAMETER).withDecryption(true));
        }
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C createClient(B builder, String url) {
        return builder.endpointOverride(URI.create(url))
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
                .httpClientBuilder(ApacheHttpClient.builder().socketTimeout(Duration.ofSeconds(30)))
                .build();
    }

    @Override
    public void close() {
        services.close();
    }
}
