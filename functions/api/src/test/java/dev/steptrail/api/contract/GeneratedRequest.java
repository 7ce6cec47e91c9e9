package dev.steptrail.api.contract;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A generated request. Placeholders such as {@code $task} in it are replaced by existing values when it is sent.
 *
 * @param path the path variables
 * @param body null for none
 * @param binary whether {@code body} is bytes in base64
 * @param tag the value of {@code If-None-Match}; null for none
 */
record GeneratedRequest(
        Operation operation,
        Who who,
        Map<String, String> path,
        List<Parameter> query,
        String body,
        boolean binary,
        String tag) {
    private static final String SHARE_HEADER = "x-steptrail-share";

    enum Who {
        OWNER,
        ANOTHER_OWNER,
        ADMIN,
        LINK_HOLDER,
        ANONYMOUS
    }

    /** @param sentName the name in the raw query, which may be partly percent-encoded */
    record Parameter(String sentName, String name, String value) {
        /** Returns the raw parameter, with invalid UTF-8 where the gateway passes on U+FFFD. */
        private String sent() {
            return sentName + "="
                    + URLEncoder.encode(value, StandardCharsets.UTF_8).replace("%EF%BF%BD", "%FF");
        }

        boolean isText() {
            return !value.contains("\uFFFD");
        }
    }

    /** Returns the request with its placeholders replaced. */
    GeneratedRequest resolved(UnaryOperator<String> words) {
        Map<String, String> variables = new HashMap<>(path);
        variables.replaceAll((name, value) -> words.apply(value));
        return new GeneratedRequest(
                operation,
                who,
                variables,
                query.stream()
                        .map(parameter ->
                                new Parameter(parameter.sentName, parameter.name, words.apply(parameter.value)))
                        .toList(),
                body == null || binary ? body : words.apply(body),
                binary,
                tag);
    }

    /** Returns the event of API Gateway. */
    APIGatewayV2HTTPEvent event(String shareToken) {
        Map<String, String> headers = new HashMap<>();
        if (tag != null) {
            headers.put("if-none-match", tag);
        }
        if (shareToken != null) {
            headers.put(SHARE_HEADER, shareToken);
        }
        Map<String, String> decoded = new LinkedHashMap<>();
        query.forEach(parameter -> decoded.merge(parameter.name, parameter.value, (a, b) -> a + "," + b));
        return APIGatewayV2HTTPEvent.builder()
                .withRouteKey(operation.key())
                .withPathParameters(path)
                .withHeaders(headers)
                .withQueryStringParameters(decoded.isEmpty() ? null : decoded)
                .withRawQueryString(query.stream().map(Parameter::sent).collect(Collectors.joining("&")))
                .withBody(body)
                .withIsBase64Encoded(binary)
                .build();
    }

    byte[] bytes() {
        if (body == null) {
            return new byte[0];
        }
        return binary ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        String text = "%s by %s, path %s, query %s, body %s (%s), tag %s"
                .formatted(operation.key(), who, path, query, body, binary, tag);
        return text.length() > 2000 ? text.substring(0, 2000) + "…" : text;
    }
}
