package dev.steptrail.shipper;

import dev.steptrail.stepformat.InvalidMessageException;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.LocalS3;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.elasticmq.LimitedValue;
import org.elasticmq.Limits;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** A queue and a bucket of a test's own, on an ElasticMQ and an S3Proxy that the whole test process shares. */
public final class LocalAws {
    /** On a server that outlives this process the last one's may still be there. */
    private static final String RUN = Long.toString(System.currentTimeMillis(), 36);

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final URI SQS = startSqs((Limits) StrictSQSLimits$.MODULE$);
    private static final URI S3 = LocalS3.start();

    private final String name = "test-" + RUN + "-" + NAMES.incrementAndGet();
    private final Map<String, String> environment = new HashMap<>();
    /** How long to wait for more: our own servers have all at once, others may not find what they have at once. */
    private final int patience;

    private final S3Client s3;
    private final SqsClient sqs;

    public LocalAws() {
        this(SQS, S3);
    }

    /** One whose queue refuses longer messages. */
    public static LocalAws withMessagesUpTo(int bytes) {
        Object limits = Proxy.newProxyInstance(
                LocalAws.class.getClassLoader(),
                new Class<?>[] {Limits.class},
                (proxy, method, arguments) -> method.getName().equals("maxMessageLength")
                        ? new LimitedValue<>(bytes)
                        : method.invoke(StrictSQSLimits$.MODULE$, arguments));
        return new LocalAws(startSqs((Limits) limits), S3);
    }

    /** On servers of the test's own. */
    LocalAws(URI endpoint, URI s3Endpoint) {
        this(
                Map.of(
                        "AWS_REGION",
                        "eu-west-1",
                        "AWS_ACCESS_KEY_ID",
                        LocalS3.ACCESS_KEY,
                        "AWS_SECRET_ACCESS_KEY",
                        LocalS3.SECRET_KEY,
                        "AWS_ENDPOINT_URL_SQS",
                        endpoint.toString(),
                        "AWS_ENDPOINT_URL_S3",
                        s3Endpoint.toString()),
                0);
    }

    /** On servers that these variables name, as they name them to an agent. */
    LocalAws(Map<String, String> servers) {
        this(servers, 2);
    }

    private LocalAws(Map<String, String> servers, int patience) {
        this.patience = patience;
        environment.putAll(servers);
        s3 = at("AWS_ENDPOINT_URL_S3", S3Client.builder()).forcePathStyle(true).build();
        sqs = at("AWS_ENDPOINT_URL_SQS", SqsClient.builder()).build();
        createQueue();
        createBucket();
        environment.put(
                "STEPTRAIL_QUEUE_URL",
                sqs.getQueueUrl(request -> request.queueName(name)).queueUrl());
        environment.put("STEPTRAIL_BUCKET", name);
        environment.put("STEPTRAIL_SENDER", "sender");
    }

    private <B extends AwsClientBuilder<B, ?>> B at(String endpoint, B builder) {
        return builder.endpointOverride(URI.create(environment.get(endpoint)))
                .region(Region.of(environment.get("AWS_REGION")))
                .credentialsProvider(StaticCredentialsProvider.create(credentials()));
    }

    private AwsCredentials credentials() {
        String id = environment.get("AWS_ACCESS_KEY_ID");
        String secret = environment.get("AWS_SECRET_ACCESS_KEY");
        String session = environment.getOrDefault("AWS_SESSION_TOKEN", "");
        return session.isEmpty()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, session);
    }

    /** Takes the queue, the bucket and what is in it away, where they would stay. */
    void remove() {
        deleteQueue();
        keys().forEach(key -> s3.deleteObject(request -> request.bucket(name).key(key)));
        deleteBucket();
    }

    /** The variables that name all this. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** The same with another value for one variable; without it if that is empty. */
    public Map<String, String> environment(String name, String value) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put(name, value);
        return changed;
    }

    public void createQueue() {
        sqs.createQueue(request -> request.queueName(name));
    }

    public void deleteQueue() {
        sqs.deleteQueue(request -> request.queueUrl(environment.get("STEPTRAIL_QUEUE_URL")));
    }

    public void createBucket() {
        s3.createBucket(request -> request.bucket(name));
    }

    public void deleteBucket() {
        s3.deleteBucket(request -> request.bucket(name));
    }

    /** The bodies that have come since this was last asked. */
    public List<MessageBody> messages() {
        List<MessageBody> bodies = new ArrayList<>();
        while (true) {
            List<Message> messages = sqs.receiveMessage(
                            request -> request.queueUrl(environment.get("STEPTRAIL_QUEUE_URL"))
                                    .maxNumberOfMessages(10)
                                    .waitTimeSeconds(patience)
                                    .messageAttributeNames("All"))
                    .messages();
            if (messages.isEmpty()) {
                return bodies;
            }
            for (Message message : messages) {
                MessageAttributeValue encoding = message.messageAttributes().get(MessageBody.CONTENT_ENCODING);
                bodies.add(new MessageBody(message.body(), encoding == null ? null : encoding.stringValue()));
                sqs.deleteMessage(request -> request.queueUrl(environment.get("STEPTRAIL_QUEUE_URL"))
                        .receiptHandle(message.receiptHandle()));
            }
        }
    }

    /** The records that have come since this was last asked, none of them bad, wherever they lie. */
    public List<StepRecord> records() throws InvalidMessageException, InvalidRecordException {
        return records(messages());
    }

    /** The records of these messages. */
    List<StepRecord> records(List<MessageBody> messages) throws InvalidMessageException, InvalidRecordException {
        List<StepRecord> records = new ArrayList<>();
        for (MessageBody body : messages) {
            for (MessageRecord record : MessageCodec.decode(body)) {
                records.add(
                        record instanceof MessageRecord.Claim claim
                                ? fetched(claim.payload())
                                : ((MessageRecord.Valid) record).record());
            }
        }
        return records;
    }

    private StepRecord fetched(Payload payload) throws InvalidMessageException, InvalidRecordException {
        return RecordCodec.decode(PayloadCodec.json(payload, object(payload.path())));
    }

    public byte[] object(String key) {
        return s3.getObjectAsBytes(request -> request.bucket(name).key(key)).asByteArray();
    }

    public List<String> keys() {
        return s3.listObjectsV2(request -> request.bucket(name)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private static URI startSqs(Limits limits) {
        return URI.create("http://127.0.0.1:"
                + SQSRestServerBuilder.withDynamicPort()
                        .withInterface("127.0.0.1")
                        .withSQSLimits(limits)
                        .start()
                        .waitUntilStarted()
                        .localAddress()
                        .getPort());
    }
}
