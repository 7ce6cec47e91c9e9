package dev.steptrail.bench.database;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.CloudServer;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Measures requests for screenshot URLs over HTTP through the local cloud's gateway. */
public final class ApiBenchmark implements Benchmark {
    private static final int MIDDLE = TwoMillionSteps.LONG_TASK / 2;
    private static final int ROUNDS = 500;
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String description() {
        return "The median time of one HTTP response with screenshots' URLs, through the local cloud's gateway and"
                + " authorizer in another process, among 2 million steps and 4 million screenshots, against the bare"
                + " statements that fetch the same columns and `S3Presigner` presigning the same keys, one after the other"
                + " in this process. The threshold adds 3 ms for HTTP and the gateway.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (CloudServer cloud = CloudServer.start();
                Connection connection = cloud.postgres().connect();
                S3Presigner presigner = presigner(cloud)) {
            Postgres postgres = cloud.postgres();
            postgres.register(Postgres.SENDER);
            UUID task = TwoMillionSteps.load(postgres, owner(cloud), rounds).longTask();
            connection.setAutoCommit(true);
            return new Comparisons(cloud, new BareReads(connection), presigner, rounds).rows(task);
        }
    }

    private record Comparisons(CloudServer cloud, BareReads bare, S3Presigner presigner, Rounds rounds) {
        List<Measurement> rows(UUID task) throws Exception {
            String first = "/api/tasks/" + task + "/screenshots";
            String middle = first + "?min_number=" + (MIDDLE + 1);
            String one = "/api/steps/" + task + "." + MIDDLE + "/screenshot?redirect=false";
            BareReads.Read bareFirst = bare.screenshots(task, 0, 50);
            BareReads.Read bareMiddle = bare.screenshots(task, MIDDLE, 50);
            Threshold samePage = Threshold.atMost(1.1);
            return List.of(
                    row("screenshots of 50 steps from the middle of 10,000", middle, 200, bareMiddle),
                    row("screenshots of the first 50 steps", first, 200, bareFirst),
                    rounds.compare(
                            "screenshots from the middle",
                            read(middle, 200),
                            "first page",
                            read(first, 200),
                            ROUNDS,
                            samePage),
                    row("URLs of one screenshot and its thumbnail", one, 2, bare.screenshots(task, MIDDLE - 1, 1)));
        }

        private Measurement row(String name, String path, int urls, BareReads.Read statements) throws Exception {
            Callable<?> baseline = presign(statements, urls);
            Threshold threshold = Threshold.atMost(1.2, 3);
            return rounds.compare(name, read(path, urls), "bare statement + S3Presigner", baseline, ROUNDS, threshold);
        }

        /** A prepared request. The number of URLs in its first response is verified. */
        private Callable<byte[]> read(String path, int urls) throws Exception {
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(cloud.get("STEPTRAIL_API") + path))
                    .header("Authorization", "Bearer " + cloud.get("STEPTRAIL_TOKEN"))
                    .build();
            Callable<byte[]> read = () -> {
                HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() != 200) {
                    throw new IOException(path + " returned " + response.statusCode());
                }
                return response.body();
            };
            JsonNode body = JSON.readTree(read.call());
            int found = body.findValues("url").size()
                    + body.findValues("thumbnail_url").size();
            if (found != urls) {
                throw new IOException(path + " returned " + found + " URLs (expected " + urls + ")");
            }
            return read;
        }

        /** Runs the statements, and presigns the keys among the values. */
        private Callable<List<String>> presign(BareReads.Read read, int urls) {
            String bucket = cloud.get("STEPTRAIL_BUCKET");
            return () -> {
                List<String> signed = read.call().stream()
                        .filter(value -> value.startsWith("screenshots/"))
                        .limit(urls)
                        .map(key ->
                                presigner.presignGetObject(presign -> presign.signatureDuration(Duration.ofMinutes(5))
                                        .getObjectRequest(get ->
                                                get.bucket(bucket).key(key).responseContentType("image/webp"))))
                        .map(request -> request.url().toString())
                        .toList();
                if (signed.size() != urls) {
                    throw new IOException(
                            "the bare statement found " + signed.size() + " keys (expected " + urls + ")");
                }
                return signed;
            };
        }
    }

    /** The user whose token the local cloud has issued. */
    private static String owner(CloudServer cloud) throws IOException {
        String token = cloud.get("STEPTRAIL_TOKEN");
        String claims = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
        return JSON.readTree(Base64.getUrlDecoder().decode(claims)).get("sub").textValue();
    }

    private static S3Presigner presigner(CloudServer cloud) {
        return S3Presigner.builder()
                .endpointOverride(URI.create(cloud.get("AWS_ENDPOINT_URL_S3")))
                .region(Region.of(cloud.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(cloud.get("AWS_ACCESS_KEY_ID"), cloud.get("AWS_SECRET_ACCESS_KEY"))))
                .build();
    }
}
