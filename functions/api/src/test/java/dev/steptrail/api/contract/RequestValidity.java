package dev.steptrail.api.contract;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.steptrail.api.ForgedCursor;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Set;

/** Whether {@link ApiDocument} allows the parameters and the body of a request. */
enum RequestValidity {
    VALID,
    INVALID,
    /** The schemas allow the request, but other rules may forbid it. */
    UNDECIDED;

    private static final int MAX_BODY_BYTES = 64 * 1024;

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // the validator throws on infinite doubles
            .build();

    static RequestValidity of(GeneratedRequest request) {
        Operation operation = request.operation();
        Set<String> seen = new HashSet<>();
        boolean undecided = false;
        for (GeneratedRequest.Parameter parameter : request.query()) {
            DocumentNode documented = operation.queryParameter(parameter.name());
            if (documented == null
                    || !seen.add(parameter.name()) && !Operation.isRepeatable(documented)
                    || !parameter.isText()
                    || isInvalid(Operation.valueSchema(documented), parameter.value())
                    || parameter.name().equals("cursor")
                            && !ForgedCursor.hasValidFormat(operation, parameter.value())) {
                return INVALID;
            }
            undecided |= isUndecided(request, parameter);
        }
        if (!operation.parameters("query").stream()
                .filter(RequestArbitraries::isRequired)
                .allMatch(parameter -> seen.contains(parameter.text("name")))) {
            return INVALID;
        }
        RequestValidity body = body(request);
        return body == VALID && (undecided || !isPathValid(request)) ? UNDECIDED : body;
    }

    /** Returns whether rules outside of the schemas apply, such as a cursor's order or the length of a range. */
    private static boolean isUndecided(GeneratedRequest request, GeneratedRequest.Parameter parameter) {
        return Set.of("cursor", "owner").contains(parameter.name())
                || parameter.name().startsWith("metadata.") // a key that no task has is rejected
                || request.operation().key().equals("GET /api/stats")
                || parameter.value().codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)
                || parameter
                        .value()
                        .equals("0001-01-01T00:00:00+18:00") // the year is 0 in UTC, which the document excludes in a
                // description
                || parameter.value().equals("9999-12-31T23:59:59-18:00");
    }

    private static boolean isPathValid(GeneratedRequest request) {
        return request.operation().parameters("path").stream()
                .noneMatch(parameter ->
                        isInvalid(parameter.at("schema"), request.path().get(parameter.text("name"))));
    }

    /** Returns whether the schema rejects a value of the URL. Values are text, except for integers. */
    private static boolean isInvalid(DocumentNode schema, String value) {
        boolean number =
                schema.node().path("type").asText().equals("integer") && value.matches("-?(0|[1-9][0-9]{0,99})");
        JsonNode node = number ? BigIntegerNode.valueOf(new BigInteger(value)) : TextNode.valueOf(value);
        return !ApiDocument.errors(schema, node).isEmpty();
    }

    private static RequestValidity body(GeneratedRequest request) {
        DocumentNode schema = request.operation().body();
        if (!schema.exists()) {
            return VALID;
        }
        byte[] body = request.bytes();
        if (body.length == 0) {
            DocumentNode requestBody = request.operation().method().at("requestBody");
            return requestBody.node().path("required").asBoolean() ? INVALID : VALID;
        }
        try {
            JsonNode read = STRICT.readTree(body);
            boolean isAllowed = body.length <= MAX_BODY_BYTES
                    && ApiDocument.errors(schema, read).isEmpty();
            return isAllowed ? UNDECIDED : INVALID; // the schema does not contain the limits of a link's lifetime
        } catch (IOException e) {
            return INVALID;
        }
    }
}
