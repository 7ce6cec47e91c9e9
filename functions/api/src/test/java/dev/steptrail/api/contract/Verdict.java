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
import java.util.List;
import java.util.Set;

/** Whether {@link ApiDocument} allows the parameters and the body of a request. */
enum Verdict {
    ALLOWED,
    FORBIDDEN,
    /** The schemas do not decide it, but the document's text may. */
    OPEN;

    private static final int MAX_BODY_BYTES = 64 * 1024;

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static Verdict of(AnyRequest request) {
        Operation operation = request.operation();
        Set<String> seen = new HashSet<>();
        boolean open = false;
        for (AnyRequest.Parameter given : request.query()) {
            List<Place> known = operation.parameters("query").stream()
                    .filter(parameter -> parameter.text("name").equals(given.name()))
                    .toList();
            if (known.isEmpty()
                    || !seen.add(given.name())
                    || !given.isText()
                    || refused(known.get(0).at("schema"), given.value())
                    || given.name().equals("cursor") && !ForgedCursor.looksReal(operation, given.value())) {
                return FORBIDDEN;
            }
            open |= isOpen(request, given);
        }
        Verdict body = body(request);
        return body == ALLOWED && (open || !pathIsGood(request)) ? OPEN : body;
    }

    /**
     * Cursors may be of another order, owners may be other users, ranges may be too long; a gateway never passes on unpaired surrogates.
     */
    private static boolean isOpen(AnyRequest request, AnyRequest.Parameter given) {
        return Set.of("cursor", "owner").contains(given.name())
                || request.operation().key().equals("GET /api/stats")
                || given.value().codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)
                || given.value()
                        .equals("0001-01-01T00:00:00+18:00") // in UTC it is in the year 0, which the text excludes
                || given.value().equals("9999-12-31T23:59:59-18:00");
    }

    private static boolean pathIsGood(AnyRequest request) {
        return request.operation().parameters("path").stream()
                .noneMatch(parameter ->
                        refused(parameter.at("schema"), request.path().get(parameter.text("name"))));
    }

    /** Returns whether the schema rejects a value of the URL. Values are text, except for integers. */
    private static boolean refused(Place schema, String value) {
        boolean number =
                schema.node().path("type").asText().equals("integer") && value.matches("-?(0|[1-9][0-9]{0,99})");
        JsonNode node = number ? BigIntegerNode.valueOf(new BigInteger(value)) : TextNode.valueOf(value);
        return !ApiDocument.errors(schema, node).isEmpty();
    }

    private static Verdict body(AnyRequest request) {
        Place schema = request.operation().body();
        if (!schema.exists()) {
            return ALLOWED;
        }
        byte[] body = request.bytes();
        if (body.length == 0) {
            Place described = request.operation().method().at("requestBody");
            return described.node().path("required").asBoolean() ? FORBIDDEN : ALLOWED;
        }
        try {
            JsonNode read = STRICT.readTree(body);
            boolean good = body.length <= MAX_BODY_BYTES
                    && ApiDocument.errors(schema, read).isEmpty();
            return good ? OPEN : FORBIDDEN; // the schema does not contain the limits of a link's lifetime
        } catch (IOException e) {
            return FORBIDDEN;
        }
    }
}
