package dev.steptrail.localcloud;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** A cloud with the test template, which runs in this JVM until it ends and is shared by most tests. */
final class TestCloud {
    static final Path TEMPLATE = Path.of("src/test/resources/template.yaml");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final LocalSettings settings;
    final Map<String, String> environment;

    private static final class Shared {
        static final TestCloud CLOUD = start();
    }

    private TestCloud(LocalSettings settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    static TestCloud shared() {
        return Shared.CLOUD;
    }

    private static TestCloud start() {
        try {
            Path path = LastingFolder.create();
            SharedSetup.addTo(path);
            DataFolder folder = new DataFolder(path);
            folder.lock();
            LocalSettings settings = LocalSettings.prepare(folder, null);
            LocalDeployment cloud = new LocalDeployment(settings);
            LastingFolder.closeAtTheEnd(cloud);
            Map<String, String> environment =
                    cloud.start(TEMPLATE, Map.of("DatabasePassword", settings.databasePassword()), database -> {});
            return new TestCloud(LocalSettings.load(folder), environment); // its folder holds the lock
        } catch (Exception e) {
            throw new IllegalStateException("the test cloud does not start", e);
        }
    }

    String env(String name) {
        return environment.get(name);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(env("STEPTRAIL_API") + path));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    static CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(env("AWS_ACCESS_KEY_ID"), env("AWS_SECRET_ACCESS_KEY")));
    }

    SqsClient sqs() {
        return SqsClient.builder()
                .endpointOverride(URI.create(env("AWS_ENDPOINT_URL_SQS")))
                .region(Region.of(env("AWS_REGION")))
                .credentialsProvider(credentials())
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    Connection database() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + settings.databasePort() + "/steptrail",
                "steptrail",
                settings.databasePassword());
    }
}
