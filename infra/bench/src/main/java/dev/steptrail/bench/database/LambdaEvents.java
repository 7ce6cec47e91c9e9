package dev.steptrail.bench.database;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.steptrail.bench.database.ExampleTasks.Range;
import dev.steptrail.stepformat.MessageBody;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Creates events as Lambda passes them to functions. */
public final class LambdaEvents {
    private LambdaEvents() {}

    /** Returns an API Gateway event (payload format 2.0) of a user with these claims. */
    static APIGatewayV2HTTPEvent createRequest(
            String routeKey, Map<String, String> path, Map<String, String> query, Map<String, String> claims) {
        RequestContext.Authorizer.JWT token =
                RequestContext.Authorizer.JWT.builder().withClaims(claims).build();
        return APIGatewayV2HTTPEvent.builder()
                .withRouteKey(routeKey)
                .withPathParameters(path)
                .withQueryStringParameters(query)
                .withRawQueryString(query.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "="
                                + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")))
                .withRequestContext(RequestContext.builder()
                        .withAuthorizer(RequestContext.Authorizer.builder()
                                .withJwt(token)
                                .build())
                        .build())
                .build();
    }

    /** Returns an SQS event with these messages of {@link PostgresServer#SENDER}. */
    static SQSEvent createBatch(List<MessageBody> bodies) {
        SQSEvent event = new SQSEvent();
        event.setRecords(bodies.stream().map(LambdaEvents::createMessage).toList());
        return event;
    }

    private static SQSMessage createMessage(MessageBody body) {
        SQSMessage message = new SQSMessage();
        message.setMessageId(UUID.randomUUID().toString());
        message.setBody(body.text());
        message.setAttributes(Map.of("SenderId", PostgresServer.SENDER));
        if (body.contentEncoding() != null) {
            MessageAttribute encoding = new MessageAttribute();
            encoding.setDataType("String");
            encoding.setStringValue(body.contentEncoding());
            message.setMessageAttributes(Map.of(MessageBody.CONTENT_ENCODING, encoding));
        }
        return message;
    }

    /**
     * Returns the JSON of an event by which {@link PostgresServer#OWNER} reads a list of a task.
     *
     * @param list {@code steps} or {@code screenshots}
     */
    public static String createReadEvent(String list, UUID task) {
        return toJson(createRequest(
                "GET /api/tasks/{task_id}/" + list,
                Map.of("task_id", task.toString()),
                Map.of(),
                Map.of("sub", PostgresServer.OWNER)));
    }

    /** Returns the JSON of an SQS event with the start of a task and its first steps. */
    public static String createIngestEvent(UUID task, int steps) {
        return toJson(
                createBatch(List.of(ExampleTasks.createStarts(List.of(task)), new Range(task, 1, steps).toMessage())));
    }

    @SuppressWarnings("unchecked")
    private static <T> String toJson(T event) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        Class<T> type = (Class<T>) event.getClass();
        LambdaEventSerializers.serializerFor(type, LambdaEvents.class.getClassLoader())
                .toJson(event, json);
        return json.toString(StandardCharsets.UTF_8);
    }
}
