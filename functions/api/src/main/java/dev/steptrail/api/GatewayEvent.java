package dev.steptrail.api;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands in an event of API Gateway, which leaves out what is empty. */
final class GatewayEvent {
    private GatewayEvent() {}

    /** A variable of the path, decoded; empty if there is none. */
    static String variable(APIGatewayV2HTTPEvent event, String name) {
        return variables(event).getOrDefault(name, "");
    }

    /** All of the path, decoded. */
    static Map<String, String> variables(APIGatewayV2HTTPEvent event) {
        return event.getPathParameters() == null ? Map.of() : event.getPathParameters();
    }

    /** @param name in lower case, as API Gateway gives them */
    static @Nullable String header(APIGatewayV2HTTPEvent event, String name) {
        return event.getHeaders() == null ? null : event.getHeaders().get(name);
    }
}
