package dev.steptrail.localcloud.storage;

import dev.steptrail.localcloud.template.Bucket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.services.s3.S3Client;

/** S3 on 127.0.0.1 by S3Proxy, its objects kept in a folder. Signatures and their expiry are checked. */
public final class BucketServer implements AutoCloseable {
    private final S3Proxy proxy;

    private BucketServer(S3Proxy proxy) {
        this.proxy = proxy;
    }

    /**
     * Starts listening.
     *
     * @param buckets the buckets to create; they must have the same CORS rules, since S3Proxy has one set for all
     * @throws IOException when it cannot
     */
    public static BucketServer start(Path folder, int port, String accessKey, String secretKey, List<Bucket> buckets)
            throws IOException {
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, accessKey, secretKey)
                .corsRules(corsRules(buckets))
                .ignoreUnknownHeaders(true)
                .stopTimeout(1_000)
                .build();
        try {
            proxy.start();
        } catch (Exception e) {
            throw new IOException("S3 cannot listen on port " + port + ": " + e.getMessage(), e);
        }
        return new BucketServer(proxy);
    }

    private static CrossOriginResourceSharing corsRules(List<Bucket> buckets) throws IOException {
        List<Bucket.Cors> rules = buckets.stream()
                .map(Bucket::cors)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (rules.isEmpty()) {
            return CrossOriginResourceSharing.disabled();
        }
        if (rules.size() > 1 || buckets.stream().anyMatch(bucket -> bucket.cors() == null)) {
            throw new IOException("the template's buckets differ in their CorsConfiguration, which the local cloud has"
                    + " for all alike");
        }
        Bucket.Cors cors = rules.get(0);
        List<String> origins = cors.origins().stream()
                .map(origin -> Arrays.stream(origin.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")))
                .toList();
        return new CrossOriginResourceSharing(origins, cors.methods(), cors.headers(), cors.exposedHeaders(), null);
    }

    /** Creates missing buckets. */
    public static void create(S3Client s3, List<Bucket> buckets) {
        Set<String> present = s3.listBuckets().buckets().stream()
                .map(software.amazon.awssdk.services.s3.model.Bucket::name)
                .collect(Collectors.toSet());
        for (Bucket bucket : buckets) {
            if (!present.contains(bucket.name())) {
                s3.createBucket(request -> request.bucket(bucket.name()));
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IOException("S3 does not stop: " + e.getMessage(), e);
        }
    }
}
