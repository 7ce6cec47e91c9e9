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
    private static final int MIDDLE = LargeDataset.LONG_TASK_STEPS / 2;
    private static final int ROUNDS = 500;
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public String description() {
        return "The median time of an HTTP response with screenshot URLs, through the local cloud's gateway and"
                + " authorizer in another process. The database contains 2 million steps and 4 million screenshots."
                + " The baseline runs plain statements that fetch the same columns, and then presigns the same keys"
                + " with `S3Presigner`, in this process. The threshold adds 3 ms for HTTP and the gateway.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        try (CloudServer cloud = CloudServer.start();
                Connection connection = cloud.postgres().connect();
                S3Presigner presigner = presigner(cloud)) {
            Postgres postgres = cloud.postgres();
            postgres.register(Postgres.SENDER);
            UUID task = LargeDataset.load(postgres, owner(cloud), rounds).longTask();
            connection.setAutoCommit(true);
            return new Comparisons(cloud, new BaselineReads(connection), presigner, rounds).rows(task);
        }
    }

    private record Comparisons(CloudServer cloud, BaselineReads reads, S3Presigner presigner, Rounds rounds) {
        List<Measurement> rows(UUID task) throws Exception {
            String first = "/api/tasks/" + task + "/screenshots";
            String middle = first + "?min_number=" + (MIDDLE + 1);
            String single = "/api/steps/" + task + "." + MIDDLE + "/screenshot?redirect=false";
            BaselineReads.Read firstRead = reads.screenshots(task, 0, 50);
            BaselineReads.Read middleRead = reads.screenshots(task, MIDDLE, 50);
            Threshold maxSlowdown = Threshold.atMost(1.1);
            return List.of(
                    row("screenshots of 50 steps from the middle of 10,000", middle, 200, middleRead),
                    row("screenshots of the first 50 steps", first, 200, firstRead),
                    rounds.compare(
                            "screenshots from the middle",
                            prepareRequest(middle, 200),
                            "first page",
                            prepareRequest(first, 200),
                            ROUNDS,
                            maxSlowdown),
                    row("URLs of one screenshot and its thumbnail", single, 2, reads.screenshots(task, MIDDLE - 1, 1)));
        }

        private Measurement row(String name, String path, int urls, BaselineReads.Read read) throws Exception {
            Callable<?> request = prepareRequest(path, urls);
            Callable<?> baseline = readAndPresign(read, urls);
            Threshold threshold = Threshold.atMost(1.2, 3);
            return rounds.compare(name, request, "plain statement + S3Presigner", baseline, ROUNDS, threshold);
        }

        /** Returns a call that sends a request. Sends it once to verify the number of URLs in the response. */
        private Callable<byte[]> prepareRequest(String path, int urls) throws Exception {
            HttpClient http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(cloud.get("STEPTRAIL_API") + path))
                    .header("Authorization", "Bearer " + cloud.get("STEPTRAIL_TOKEN"))
                    .build();
            Callable<byte[]> send = () -> {
                HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() != 200) {
                    throw new IOException(path + " returned " + response.statusCode());
                }
                return response.body();
            };
            JsonNode body = JSON.readTree(send.call());
            int found = body.findValues("url").size()
                    + body.findValues("thumbnail_url").size();
            if (found != urls) {
                throw new IOException(path + " returned " + found + " URLs (expected " + urls + ")");
            }
            return send;
        }

        /** Returns a call that runs the statements and presigns the object keys among their values. */
        private Callable<List<String>> readAndPresign(BaselineReads.Read read, int urls) {
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
                            "the plain statement found " + signed.size() + " keys (expected " + urls + ")");
                }
                return signed;
            };
        }
    }

    /** Returns the user in the local cloud's token. */
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
