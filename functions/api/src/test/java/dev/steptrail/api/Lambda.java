package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Invokes a handler with an event of API Gateway in JSON, and takes its answer apart as API Gateway does. */
final class Lambda {
    private static final JsonMapper JSON = new JsonMapper();

    private Lambda() {}

    static APIGatewayV2HTTPResponse invoke(ApiHandler handler, APIGatewayV2HTTPEvent event, Context context) {
        try {
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), answer, context);
            return JSON.readValue(answer.toByteArray(), APIGatewayV2HTTPResponse.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
