package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Invokes a handler as Lambda's runtime does: the event and the response pass through JSON. */
final class LambdaInvoker {
    private static final PojoSerializer<APIGatewayV2HTTPEvent> EVENTS =
            LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, LambdaInvoker.class.getClassLoader());
    private static final PojoSerializer<APIGatewayV2HTTPResponse> RESPONSES =
            JacksonFactory.getInstance().getSerializer(APIGatewayV2HTTPResponse.class);

    private LambdaInvoker() {}

    static APIGatewayV2HTTPResponse invoke(ApiHandler handler, APIGatewayV2HTTPEvent event, Context context) {
        APIGatewayV2HTTPEvent received = copy(EVENTS, event);
        return copy(RESPONSES, handler.handleRequest(received, context));
    }

    /** Returns the body as text. */
    static String text(APIGatewayV2HTTPResponse response) {
        return new String(bytes(response), StandardCharsets.UTF_8);
    }

    static byte[] bytes(APIGatewayV2HTTPResponse response) {
        if (!response.getIsBase64Encoded()) {
            throw new AssertionError("the body is not in base64: " + response.getBody());
        }
        return Base64.getDecoder().decode(response.getBody());
    }

    private static <T> T copy(PojoSerializer<T> serializer, T value) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        serializer.toJson(value, json);
        return serializer.fromJson(new ByteArrayInputStream(json.toByteArray()));
    }
}
