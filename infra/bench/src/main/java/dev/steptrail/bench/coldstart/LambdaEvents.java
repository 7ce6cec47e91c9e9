package dev.steptrail.bench.coldstart;

import dev.steptrail.bench.database.ExampleStep;
import dev.steptrail.bench.database.ExampleTask;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Creates JSON events as Lambda passes them to a runtime. */
final class LambdaEvents {
    private static final String READ_EVENT = """
        {"version":"2.0","routeKey":"GET /api/tasks/{task_id}/%1$s","rawPath":"/api/tasks/%2$s/%1$s","rawQueryString":"",
         "headers":{"accept":"*/*","host":"abc123.execute-api.eu-central-1.amazonaws.com","user-agent":"curl/8.5.0",
          "authorization":"Bearer e30.e30.c2ln"},
         "requestContext":{"accountId":"123456789012","apiId":"abc123",
          "authorizer":{"jwt":{"claims":{"sub":"%3$s","iss":"https://issuer.example.com"}}},
          "http":{"method":"GET","path":"/api/tasks/%2$s/%1$s","protocol":"HTTP/1.1","sourceIp":"192.0.2.1",
           "userAgent":"curl/8.5.0"},
          "requestId":"JKJaXmPLvHcESHA=","routeKey":"GET /api/tasks/{task_id}/%1$s","stage":"$default",
          "time":"12/Mar/2026:19:03:58 +0000","timeEpoch":1773342238000},
         "pathParameters":{"task_id":"%2$s"},"isBase64Encoded":false}
        """;

    private static final String SQS_EVENT = """
        {"Records":[{"messageId":"059f36b4-87a3-44ab-83d2-661975830a7d",
         "receiptHandle":"AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a","body":"%s",
         "attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1773342238000","SenderId":"%s",
          "ApproximateFirstReceiveTimestamp":"1773342238021"},
         "messageAttributes":{%s},"md5OfBody":"e4e68fb7bd0e697a0ae8f1bb342846b3","eventSource":"aws:sqs",
         "eventSourceARN":"arn:aws:sqs:eu-central-1:123456789012:steps","awsRegion":"eu-central-1"}]}
        """;

    private static final String ENCODING_ATTRIBUTE = """
        "%s":{"stringValue":"%s","stringListValues":[],"binaryListValues":[],"dataType":"String"}\
        """;

    private LambdaEvents() {}

    /**
     * Returns an API Gateway event (payload format 2.0) by which {@link Postgres#OWNER} reads a list.
     *
     * @param list {@code steps} or {@code screenshots}
     */
    static String createReadEvent(String list, UUID task) {
        return READ_EVENT.formatted(list, task, Postgres.OWNER);
    }

    /** Returns an SQS event with one message, which contains the start of a task and its first steps. */
    static String createIngestEvent(UUID task, int steps) {
        MessageBody body = MessageCodec.encode(Stream.concat(
                        Stream.of(RecordCodec.encode(ExampleTask.createStart(task))),
                        IntStream.rangeClosed(1, steps)
                                .mapToObj(number -> RecordCodec.encode(ExampleStep.create(task, number))))
                .toList());
        String encoding = body.contentEncoding();
        return SQS_EVENT.formatted(
                body.text().replace("\\", "\\\\").replace("\"", "\\\""),
                Postgres.SENDER,
                encoding == null ? "" : ENCODING_ATTRIBUTE.formatted(MessageBody.CONTENT_ENCODING, encoding));
    }
}
