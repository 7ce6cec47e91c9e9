package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Local clouds in processes of their own: stopped, killed, started again. */
class RestartIT {
    @TempDir
    private Path temporary;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void everything_isStillThere_afterStopAndAfterKill() throws Exception {
        Path data = temporary.resolve("a folder's data"); // with what shells stumble over
        Process first = start(data);
        Map<String, String> environment = environment(data);
        assertThat(Files.getPosixFilePermissions(data)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(data.resolve("local.env")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        send(environment, "bad apple"); // stays on the queue, for its function refuses it
        put(environment, "kept");

        long stopping = System.nanoTime();
        first.destroy();
        assertThat(first.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - stopping)).isLessThan(Duration.ofSeconds(5));
        assertThat(first.exitValue()).isEqualTo(143);
        assertThat(postgresOn(data)).isEmpty();

        Process second = start(data);
        assertThat(withoutToken(environment(data))).isEqualTo(withoutToken(environment));
        assertThat(statusOf(environment)).as("the first start's token").isEqualTo(200);
        assertThat(get(environment)).isEqualTo("kept");
        assertThat(postgresOn(data)).isNotEmpty();

        second.destroyForcibly().waitFor();
        QueueIT.await(() -> postgresOn(data).isEmpty());

        start(data);
        assertThat(get(environment)).isEqualTo("kept");
        assertThat(statusOf(environment)).isEqualTo(200);
        assertThat(receiveDead(environment)).isEqualTo("bad apple");
    }

    @Test
    void postgresLeftBehind_isStoppedByTheNextStart() throws Exception {
        Path data = temporary.resolve("data");
        Process first = start(data);
        ProcessHandle watch = first.children()
                .filter(child -> child.info().commandLine().orElse("").contains("steptrail-postgres-watch"))
                .findFirst()
                .orElseThrow();
        watch.destroyForcibly();
        first.destroyForcibly().waitFor();
        List<Long> left = postgresOn(data);
        assertThat(left).isNotEmpty();

        start(data);
        assertThat(postgresOn(data)).isNotEmpty().doesNotContainAnyElementsOf(left);
    }

    @Test
    void secondCloudOnTheSameFolder_endsWithOneLine() throws Exception {
        String data = TestCloud.shared().home.folder().toString();

        Process second = spawn("--data", data);
        assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(Files.readString(errors(second)))
                .isEqualTo("up: a local cloud is already running on " + data
                        + "; stop it, or choose another folder with --data\n");
    }

    @Test
    void token_isSignedForARunningCloud() throws Exception {
        TestCloud cloud = TestCloud.shared();
        Process token = spawn("--data", cloud.home.folder().toString(), "--token", "ann", "--admin");
        assertThat(token.waitFor()).isZero();

        String authorization = "Bearer " + token.inputReader().readLine();
        HttpResponse<String> answer = TestCloud.send(cloud.request("/echo/x").header("Authorization", authorization));
        assertThat(answer.body()).contains("\"sub\":\"ann\"", "\"cognito:groups\":\"[steptrail-admin]\"");
    }

    @Test
    void tokenWithoutACloud_endsWithOneLine() throws Exception {
        Process token = spawn("--data", temporary.resolve("none").toString(), "--token", "ann");

        assertThat(token.waitFor()).isEqualTo(1);
        assertThat(Files.readString(errors(token)))
                .startsWith("up: there is no local cloud in ")
                .hasLineCount(1);
    }

    @Test
    void wrongUsage_endsWithTwo() throws Exception {
        assertThat(spawn("--admin").waitFor()).isEqualTo(2);
        assertThat(spawn("--port", "many").waitFor()).isEqualTo(2);
    }

    private Process start(Path data) throws IOException {
        Process process = spawn("--data", data.toString());
        String line = process.inputReader().readLine();
        assertThat(line).as(Files.readString(errors(process))).startsWith("ready http://127.0.0.1:");
        return process;
    }

    private Process spawn(String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // starts with half the work
                "-cp",
                classPath,
                LocalCloud.class.getName(),
                "--template",
                TestCloud.TEMPLATE.toString()));
        command.addAll(List.of(arguments));
        Path errors = temporary.resolve("errors-" + processes.size());
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        processes.add(process);
        return process;
    }

    private Path errors(Process process) {
        return temporary.resolve("errors-" + processes.indexOf(process));
    }

    private static Map<String, String> environment(Path data) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "set -a; . \"$1\"; env", "sh", data + "/local.env").start();
        Map<String, String> environment = new HashMap<>();
        shell.inputReader().lines().forEach(line -> {
            String[] pair = line.split("=", 2);
            if (pair[0].startsWith("AWS_") || pair[0].startsWith("STEPTRAIL_")) {
                environment.put(pair[0], pair[1]);
            }
        });
        assertThat(shell.waitFor()).isZero();
        return environment;
    }

    private static Map<String, String> withoutToken(Map<String, String> environment) {
        Map<String, String> rest = new HashMap<>(environment);
        rest.remove("STEPTRAIL_TOKEN");
        return rest;
    }

    private static List<Long> postgresOn(Path data) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").startsWith(data.toString()))
                .map(ProcessHandle::pid)
                .toList();
    }

    private static int statusOf(Map<String, String> environment) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(environment.get("STEPTRAIL_API") + "/echo/x"))
                .header("Authorization", "Bearer " + environment.get("STEPTRAIL_TOKEN"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static void send(Map<String, String> environment, String body) {
        try (SqsClient sqs = sqs(environment)) {
            sqs.sendMessage(request ->
                    request.queueUrl(environment.get("STEPTRAIL_QUEUE_URL")).messageBody(body));
        }
    }

    private static String receiveDead(Map<String, String> environment) {
        try (SqsClient sqs = sqs(environment)) {
            String url = sqs.getQueueUrl(request -> request.queueName("steptrail-DeadLetterQueue"))
                    .queueUrl();
            return sqs.receiveMessage(request -> request.queueUrl(url).waitTimeSeconds(15))
                    .messages()
                    .get(0)
                    .body();
        }
    }

    private static void put(Map<String, String> environment, String text) {
        try (S3Client s3 = s3(environment)) {
            s3.putObject(
                    request ->
                            request.bucket(environment.get("STEPTRAIL_BUCKET")).key("key"),
                    RequestBody.fromString(text));
        }
    }

    private static String get(Map<String, String> environment) {
        try (S3Client s3 = s3(environment)) {
            return s3.getObjectAsBytes(request ->
                            request.bucket(environment.get("STEPTRAIL_BUCKET")).key("key"))
                    .asUtf8String();
        }
    }

    private static SqsClient sqs(Map<String, String> environment) {
        return SqsClient.builder()
                .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_SQS")))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(credentials(environment))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    private static S3Client s3(Map<String, String> environment) {
        return S3Client.builder()
                .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_S3")))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(credentials(environment))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    private static StaticCredentialsProvider credentials(Map<String, String> environment) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")));
    }
}
