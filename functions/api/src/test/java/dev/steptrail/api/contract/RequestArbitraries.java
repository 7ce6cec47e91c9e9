package dev.steptrail.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.api.contract.GeneratedRequest.Parameter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates valid and invalid requests for the operations of {@link ApiDocument}. */
final class RequestArbitraries {
    private static final Arbitrary<String> TAGS = Arbitraries.oneOf(
            Arbitraries.of("*", "\"0f343b0931126a20f133d67c2b018a3b\"", "W/,,\"", "$etag")
                    .injectNull(0.7),
            HostileText.any());

    /** A parameter whose key the test data have. */
    private static final String METADATA = "metadata.build";

    private RequestArbitraries() {}

    static Arbitrary<GeneratedRequest> all() {
        return Arbitraries.oneOf(
                ApiDocument.operations().stream().map(RequestArbitraries::of).toList());
    }

    private static Arbitrary<GeneratedRequest> of(Operation operation) {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(2, Arbitraries.just(authorizedCaller(operation))),
                                Tuple.of(3, Arbitraries.of(GeneratedRequest.Who.class))),
                        path(operation),
                        query(operation),
                        BodyArbitraries.of(operation),
                        TAGS)
                .as((who, path, query, body, tag) ->
                        new GeneratedRequest(operation, who, path, query, body.text(), body.binary(), tag));
    }

    /** Returns a caller who is authorized for the operation. */
    static GeneratedRequest.Who authorizedCaller(Operation operation) {
        if (operation.key().equals("PUT /api/tasks/{task_id}/notes/{note_id}")) {
            return GeneratedRequest.Who.OWNER; // only its author may edit a note
        }
        return operation.key().contains("/shared/") ? GeneratedRequest.Who.LINK_HOLDER : GeneratedRequest.Who.ADMIN;
    }

    /** Returns a request with one parameter, for an existing resource. */
    static GeneratedRequest withParameter(Operation operation, DocumentNode parameter, String value) {
        String name = Operation.standsForNames(parameter) ? METADATA : parameter.text("name");
        Map<String, String> path = new HashMap<>();
        operation.names("path").forEach(variable -> path.put(variable, placeholder(variable)));
        List<Parameter> query = List.of(new Parameter(name, name, value));
        return new GeneratedRequest(operation, authorizedCaller(operation), path, query, null, false, null);
    }

    private static Arbitrary<Map<String, String>> path(Operation operation) {
        List<Arbitrary<String>> values = operation.names("path").stream()
                .map(name -> Arbitraries.frequencyOf(
                        Tuple.of(5, Arbitraries.just(placeholder(name))), Tuple.of(1, HostileText.any())))
                .toList();
        return Combinators.combine(values).as(chosen -> {
            Map<String, String> path = new HashMap<>();
            for (int i = 0; i < chosen.size(); i++) {
                path.put(operation.names("path").get(i), chosen.get(i));
            }
            return path;
        });
    }

    /** Returns the placeholder of an existing value. */
    static String placeholder(String variable) {
        return "$" + variable;
    }

    private static Arbitrary<List<Parameter>> query(Operation operation) {
        List<Arbitrary<List<Parameter>>> parameters = new ArrayList<>();
        for (DocumentNode parameter : operation.parameters("query")) {
            String name = Operation.standsForNames(parameter) ? METADATA : parameter.text("name");
            Arbitrary<List<Parameter>> once = value(parameter).map(value -> List.of(new Parameter(name, name, value)));
            int weight = isRequired(parameter) ? 20 : 1;
            parameters.add(Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just(List.of())), Tuple.of(weight, once)));
            if (Operation.standsForNames(parameter)) {
                parameters.add(otherNames());
            }
            parameters.add(Arbitraries.frequencyOf(
                    Tuple.of(150, Arbitraries.just(List.of())),
                    Tuple.of(1, value(parameter).map(value -> twice(name, name, value))),
                    Tuple.of(1, value(parameter).map(value -> twice(name, percentEncodeFirst(name), value)))));
        }
        parameters.add(Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.just(List.of())),
                Tuple.of(1, Arbitraries.just(List.of(new Parameter("nonsense", "nonsense", "1")))),
                Tuple.of(1, Arbitraries.just(List.of(new Parameter("LIMIT", "LIMIT", "1")))),
                Tuple.of(1, Arbitraries.just(List.of(new Parameter("%27%3B--", "';--", "1"))))));
        return Combinators.combine(parameters)
                .as(parts -> parts.stream().flatMap(List::stream).toList());
    }

    /** Generates parameters of names that no task has, or that are no names of metadata. */
    private static Arbitrary<List<Parameter>> otherNames() {
        Arbitrary<List<Parameter>> others = Arbitraries.oneOf(HostileText.any(), Arbitraries.of("相机", "a.b", "*", ""))
                .filter(key -> !key.contains("\uFFFD"))
                .map(key -> List.of(new Parameter(
                        "metadata." + URLEncoder.encode(key, StandardCharsets.UTF_8), "metadata." + key, "1")));
        return Arbitraries.frequencyOf(Tuple.of(30, Arbitraries.just(List.of())), Tuple.of(1, others));
    }

    /** A required parameter has the example of an existing resource. */
    static boolean isRequired(DocumentNode parameter) {
        return parameter.node().path("required").asBoolean();
    }

    private static List<Parameter> twice(String name, String secondSentName, String value) {
        return List.of(new Parameter(name, name, value), new Parameter(secondSentName, name, value));
    }

    /** Returns the name with its first letter percent-encoded. */
    private static String percentEncodeFirst(String name) {
        return "%" + Integer.toHexString(name.charAt(0)) + name.substring(1);
    }

    private static Arbitrary<String> value(DocumentNode parameter) {
        Arbitrary<String> validValue = parameter.text("name").equals("cursor")
                ? Arbitraries.just("$cursor")
                : isRequired(parameter)
                        ? Arbitraries.just(parameter.text("example"))
                        : mostlyValid(Operation.valueSchema(parameter));
        return Arbitraries.frequencyOf(
                Tuple.of(6, validValue),
                Tuple.of(
                        1,
                        Arbitraries.of(
                                atTheLimits(Operation.valueSchema(parameter).node()))),
                Tuple.of(1, HostileText.any()),
                Tuple.of(1, HostileText.forgedCursor()));
    }

    /** Returns values just within and just beyond a schema's limits. */
    static List<String> atTheLimits(JsonNode schema) {
        if (schema.has("enum")) {
            List<String> words =
                    new ArrayList<>(List.of("any", schema.at("/enum/0").asText() + " "));
            schema.get("enum").forEach(word -> words.add(word.asText()));
            return words;
        }
        if (schema.has("maximum")) {
            long max = schema.get("maximum").asLong();
            return List.of("0", "1", Long.toString(max), Long.toString(max + 1), "1.0", "01");
        }
        int max = schema.path("maxLength").asInt(36);
        return List.of("", "x", "x".repeat(max), "📷".repeat(max), "x".repeat(max + 1), "相".repeat(max + 1), "x\t");
    }

    /** Generates values that the schema mostly allows; {@link RequestValidity} determines whether it does. */
    static Arbitrary<String> mostlyValid(DocumentNode schema) {
        JsonNode node = schema.node();
        if (node.has("enum")) {
            return Arbitraries.of(StreamSupport.stream(node.get("enum").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList());
        }
        if (node.path("type").asText().equals("integer")) {
            int max = node.get("maximum").asInt(Integer.MAX_VALUE);
            return Arbitraries.oneOf(
                            Arbitraries.of(1, 2, max), Arbitraries.integers().between(1, max))
                    .map(String::valueOf);
        }
        return switch (node.path("format").asText()) {
            case "date-time" ->
                Arbitraries.of(
                        "2026-03-01T10:00:01Z",
                        "2026-03-01T18:00:01.5+08:00",
                        "0001-01-01T00:00:00Z",
                        "9999-12-31T23:59:59Z");
            case "date" -> Arbitraries.of("2026-03-01", "2026-02-28", "0001-01-01", "9999-12-31");
            default ->
                node.path("pattern").asText().contains("[0-9a-f]{12}")
                        ? Arbitraries.of("$task_id", "0190163d-8694-739b-aea5-966c26f8ad91")
                        : text(node.path("maxLength").asInt(100));
        };
    }

    private static Arbitrary<String> text(int maxLength) {
        return Arbitraries.oneOf(
                Arbitraries.of("alice", "action", "glm", "相机", "100%", "it's", "a_b\\", "📷".repeat(maxLength)),
                Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(maxLength));
    }
}
