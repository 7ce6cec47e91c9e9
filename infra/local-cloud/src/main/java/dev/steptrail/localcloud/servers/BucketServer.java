package dev.steptrail.localcloud.servers;

import dev.steptrail.localcloud.template.Template.Bucket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.gaul.s3proxy.CrossOriginResourceSharing;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** Runs S3Proxy as S3 on 127.0.0.1, with its objects in a folder. S3Proxy verifies signatures and their expiry. */
public final class BucketServer {
    private BucketServer() {}

    /**
     * Starts listening.
     *
     * @param buckets the buckets; the first CORS rule applies to all, because S3Proxy has only one set
     * @return a handle that stops the server when closed
     * @throws IOException if it cannot listen
     */
    public static AutoCloseable start(Path folder, int port, String accessKey, String secretKey, List<Bucket> buckets)
            throws IOException {
        for (Bucket bucket : buckets) {
            Files.createDirectories(folder.resolve(bucket.name())); // a bucket is a folder of the blob store
        }
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
        return proxy::stop;
    }

    private static CrossOriginResourceSharing corsRules(List<Bucket> buckets) {
        Optional<Bucket.Cors> rule =
                buckets.stream().map(Bucket::cors).filter(Objects::nonNull).findFirst();
        if (rule.isEmpty()) {
            return CrossOriginResourceSharing.disabled();
        }
        Bucket.Cors cors = rule.get();
        List<String> origins = cors.origins().stream()
                .map(origin -> Arrays.stream(origin.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")))
                .toList();
        return new CrossOriginResourceSharing(origins, cors.methods(), cors.headers(), cors.exposedHeaders(), null);
    }
}
