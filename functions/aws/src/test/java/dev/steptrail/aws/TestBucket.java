package dev.steptrail.aws;

import dev.steptrail.stepformat.LocalS3;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A bucket of a real S3 server for tests. The server is started on first use, once per JVM. */
public final class TestBucket {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name = "bucket-" + NUMBER.incrementAndGet();

    private TestBucket() {
        Server.CLIENT.createBucket(request -> request.bucket(name));
    }

    /** Creates a bucket. */
    public static TestBucket empty() {
        return new TestBucket();
    }

    /** Returns the settings of a function for this bucket. */
    public Map<String, String> settings() {
        return Server.settings(name);
    }

    /** Returns the settings with one of them changed. */
    public Map<String, String> settings(String setting, String value) {
        Map<String, String> changed = new HashMap<>(settings());
        changed.put(setting, value);
        return changed;
    }

    /** Stores an object with a content type. */
    public void put(String key, byte[] bytes, String contentType) {
        Server.CLIENT.putObject(
                request -> request.bucket(name).key(key).contentType(contentType), RequestBody.fromBytes(bytes));
    }

    /** Stores an object. */
    public void put(String key, byte[] bytes) {
        Server.CLIENT.putObject(request -> request.bucket(name).key(key), RequestBody.fromBytes(bytes));
    }

    private static final class Server {
        static final URI URL = LocalS3.start();
        static final S3Client CLIENT = new AwsClients(new Settings(settings("none"))).s3();

        static Map<String, String> settings(String bucket) {
            return Map.of(
                    "STEPTRAIL_BUCKET",
                    bucket,
                    "AWS_ENDPOINT_URL_S3",
                    URL.toString(),
                    "AWS_REGION",
                    "eu-west-1",
                    "AWS_ACCESS_KEY_ID",
                    LocalS3.ACCESS_KEY,
                    "AWS_SECRET_ACCESS_KEY",
                    LocalS3.SECRET_KEY);
        }
    }
}
