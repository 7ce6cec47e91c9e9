package dev.steptrail.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Runs the SQS and S3 servers to which agents ship, in a separate process, so that their memory does not count as the
 * agent's. The servers still use the machine's processors. Prints the shipper's environment variables and exits at the
 * end of standard input.
 */
public final class QueueAndBucketProcess {
    private static final String NAME = "bench";
    private static final String KEY = "key";
    private static final String SECRET = "secret";
    private static final Region REGION = Region.EU_WEST_1;

    private QueueAndBucketProcess() {}

    /**
     * Runs the servers until standard input ends.
     *
     * @param arguments the folder for the bucket
     */
    public static void main(String[] arguments) throws Exception {
        URI sqsEndpoint = URI.create("http://127.0.0.1:"
                + SQSRestServerBuilder.withDynamicPort()
                        .withInterface("127.0.0.1")
                        .start()
                        .waitUntilStarted()
                        .localAddress()
                        .getPort());
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(Path.of(arguments[0]).toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, SECRET)
                .ignoreUnknownHeaders(true)
                .build();
        proxy.start();
        createResources(sqsEndpoint, URI.create("http://127.0.0.1:" + proxy.getPort()))
                .forEach((name, value) -> System.out.println(name + " " + value));
        System.out.println();
        System.in.transferTo(System.err);
        System.exit(0);
    }

    /** Creates the queue and the bucket, and returns the shipper's environment variables. */
    private static Map<String, String> createResources(URI sqsEndpoint, URI s3Endpoint) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("AWS_REGION", REGION.id());
        environment.put("AWS_ACCESS_KEY_ID", KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", SECRET);
        environment.put("AWS_ENDPOINT_URL_SQS", sqsEndpoint.toString());
        environment.put("AWS_ENDPOINT_URL_S3", s3Endpoint.toString());
        environment.put("STEPTRAIL_SENDER", NAME);
        environment.put("STEPTRAIL_BUCKET", NAME);
        try (SqsClient sqs = configure(SqsClient.builder(), sqsEndpoint).build();
                S3Client s3 = configure(S3Client.builder(), s3Endpoint)
                        .forcePathStyle(true)
                        .build()) {
            environment.put(
                    "STEPTRAIL_QUEUE_URL",
                    sqs.createQueue(request -> request.queueName(NAME)).queueUrl());
            s3.createBucket(request -> request.bucket(NAME));
        }
        return environment;
    }

    private static <B extends AwsClientBuilder<B, ?>> B configure(B builder, URI endpoint) {
        return builder.endpointOverride(endpoint)
                .region(REGION)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)));
    }
}
