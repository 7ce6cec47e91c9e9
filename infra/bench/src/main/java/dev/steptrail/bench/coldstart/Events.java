package dev.steptrail.bench.coldstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.bench.database.ExampleStep;
import dev.steptrail.bench.database.ExampleTask;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.RecordCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Events as Lambda passes them to a runtime, in JSON. */
final class Events {
    private static final JsonMapper JSON = new JsonMapper();

    private Events() {}

    /**
     * API Gateway's event (payload format 2.0) in which {@link Postgres#OWNER} reads the first page of a part of a task.
     *
     * @param part {@code steps} or {@code screenshots}
     */
    static String read(String part, UUID task) throws JsonProcessingException {
        String path = "/api/tasks/" + task + "/" + part;
        String route = "GET /api/tasks/{task_id}/" + part;
        return JSON.writeValueAsString(Map.of(
                "version",
                "2.0",
                "routeKey",
                route,
                "rawPath",
                path,
                "rawQueryString",
                "",
                "headers",
                Map.of(
                        "accept",
                        "*/*",
                        "host",
                        "abc123.execute-api.eu-central-1.amazonaws.com",
                        "user-agent",
                        "curl/8.5.0",
                        "authorization",
                        "Bearer e30.e30.c2ln"),
                "requestContext",
                Map.of(
                        "accountId", "123456789012",
                        "apiId", "abc123",
                        "authorizer",
                                Map.of(
                                        "jwt",
                                        Map.of(
                                                "claims",
                                                Map.of("sub", Postgres.OWNER, "iss", "https://issuer.example.com"))),
                        "http",
                                Map.of(
                                        "method",
                                        "GET",
                                        "path",
                                        path,
                                        "protocol",
                                        "HTTP/1.1",
                                        "sourceIp",
                                        "192.0.2.1",
                                        "userAgent",
                                        "curl/8.5.0"),
                        "requestId", "JKJaXmPLvHcESHA=",
                        "routeKey", route,
                        "stage", "$default",
                        "time", "12/Mar/2026:19:03:58 +0000",
                        "timeEpoch", 1773342238000L),
                "pathParameters",
                Map.of("task_id", task.toString()),
                "isBase64Encoded",
                false));
    }

    /** SQS's with one message: a task that begins, and its first steps. */
    static String message(UUID task, int steps) throws JsonProcessingException {
        MessageBody body = MessageCodec.encode(Stream.concat(
                        Stream.of(RecordCodec.encode(ExampleTask.started(task))),
                        IntStream.rangeClosed(1, steps)
                                .mapToObj(number -> RecordCodec.encode(ExampleStep.of(task, number))))
                .toList());
        Map<String, Object> attributes = new HashMap<>();
        if (body.contentEncoding() != null) {
            attributes.put(
                    MessageBody.CONTENT_ENCODING,
                    Map.of(
                            "stringValue",
                            body.contentEncoding(),
                            "stringListValues",
                            List.of(),
                            "binaryListValues",
                            List.of(),
                            "dataType",
                            "String"));
        }
        return JSON.writeValueAsString(Map.of(
                "Records",
                List.of(Map.of(
                        "messageId", "059f36b4-87a3-44ab-83d2-661975830a7d",
                        "receiptHandle", "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                        "body", body.text(),
                        "attributes",
                                Map.of(
                                        "ApproximateReceiveCount", "1",
                                        "SentTimestamp", "1773342238000",
                                        "SenderId", Postgres.SENDER,
                                        "ApproximateFirstReceiveTimestamp", "1773342238021"),
                        "messageAttributes", attributes,
                        "md5OfBody", "e4e68fb7bd0e697a0ae8f1bb342846b3",
                        "eventSource", "aws:sqs",
                        "eventSourceARN", "arn:aws:sqs:eu-central-1:123456789012:steps",
                        "awsRegion", "eu-central-1"))));
    }
}
