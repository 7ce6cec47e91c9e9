package dev.steptrail.endtoend.viewer;

import dev.steptrail.endtoend.CloudProcess;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Uploads a task's pictures to the bucket, each distinct file once. */
final class StoredPictures {
    private static final Map<CloudProcess, S3Client> CLIENTS = new ConcurrentHashMap<>();

    private final CloudProcess cloud;
    private final String folder;
    private final Set<String> stored = ConcurrentHashMap.newKeySet();

    StoredPictures(CloudProcess cloud, UUID task) {
        this.cloud = cloud;
        this.folder = "screenshots/" + cloud.environment().get("STEPTRAIL_SENDER") + "/" + task + "/";
    }

    /** Uploads the picture unless already stored. Returns the {@code screenshots} entry for a step record. */
    Map<String, Object> store(Picture picture) {
        Map<String, Object> screenshot = new LinkedHashMap<>();
        screenshot.put("role", picture.role());
        screenshot.put("screenshot_path", put(picture.webp()));
        screenshot.put("thumbnail_path", put(picture.thumbnail()));
        screenshot.put("file_hash", Picture.hash(picture.webp()));
        screenshot.put("file_size", picture.webp().length);
        screenshot.put("original_size", picture.webp().length);
        screenshot.put("width", picture.width());
        screenshot.put("height", picture.height());
        screenshot.put("format", "webp");
        screenshot.put("compressed", true);
        screenshot.put("sensitive", picture.isSensitive());
        return screenshot;
    }

    private String put(byte[] webp) {
        String key = folder + Picture.hash(webp) + ".webp";
        if (stored.add(key)) {
            CLIENTS.computeIfAbsent(cloud, StoredPictures::client)
                    .putObject(
                            request -> request.bucket(cloud.environment().get("STEPTRAIL_BUCKET"))
                                    .key(key)
                                    .contentType("image/webp"),
                            RequestBody.fromBytes(webp));
        }
        return key;
    }

    private static S3Client client(CloudProcess cloud) {
        Map<String, String> environment = cloud.environment();
        return S3Client.builder()
                .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_S3")))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY"))))
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }
}
