package dev.steptrail.api.contract;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Generates valid and invalid request bodies. */
final class BodyArbitraries {
    private static final List<String> VALUES = List.of(
            "true",
            "false",
            "null",
            "7",
            "-1",
            "1e400",
            "\"\"",
            "\"ann\"",
            "0.5",
            "\"P9999999999999999999D\"",
            "\"PT9223372036854775807S\"",
            "\"$task_id\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"'; DROP TABLE agents; --\"",
            "\"" + "x".repeat(10_240) + "\"",
            "[]",
            "[\"bob\",\"*\"]",
            "[[\"bob\"]]",
            "{\"keep\":true}",
            "[".repeat(2_000),
            "1".repeat(2_000));

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "{",
            "}",
            "{}",
            "[]",
            "null",
            "7",
            "{} {}",
            "{\"\\u0000\":1}",
            "{\"keep\":true,\"keep\":true}",
            "{\"owner\":\"ann\",\"owner\":\"ann\"}",
            "\uFEFF{\"keep\":true}",
            "{\"keep\":true}" + " ".repeat(70_000),
            "{\"owner\":\"ann\"}" + " ".repeat(140_000),
            "{\"" + "x".repeat(60_000) + "\":1}",
            "[".repeat(60_000));

    private static final List<byte[]> BYTES = List.of(
            new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'},
            new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 0},
            new byte[] {0, 0, 0, '{', 0x7F, 0, 0, 0},
            new byte[] {0, 0, (byte) 0xFE, (byte) 0xFF, 0x7F, 0x7F, 0x7F, 0x7F},
            new byte[] {'{', 0, 0, 0, '"', 0, 0},
            new byte[] {(byte) 0xEF, (byte) 0xBB},
            "{\"keep\":true}".getBytes(StandardCharsets.UTF_16),
            "{\"keep\":true}".getBytes(Charset.forName("UTF-32")),
            "{\"keep\":true}".getBytes(StandardCharsets.UTF_8));

    /** @param text in base64 if it is binary; null for no body */
    record Body(String text, boolean binary) {}

    private BodyArbitraries() {}

    static Arbitrary<Body> of(Operation operation) {
        Arbitrary<Body> none = Arbitraries.just(new Body(null, false));
        Arbitrary<Body> texts = Arbitraries.of(TEXTS).map(text -> new Body(text, false));
        Arbitrary<Body> bytes =
                Arbitraries.of(BYTES).map(body -> new Body(Base64.getEncoder().encodeToString(body), true));
        if (!operation.body().exists()) {
            return Arbitraries.frequencyOf(Tuple.of(10, none), Tuple.of(1, texts), Tuple.of(1, bytes));
        }
        String example = operation
                .method()
                .at("requestBody")
                .at("content")
                .at("application/json")
                .at("example")
                .node()
                .toString();
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.just(new Body(example, false))),
                Tuple.of(4, object(operation).map(text -> new Body(text, false))),
                Tuple.of(1, none),
                Tuple.of(2, texts),
                Tuple.of(2, bytes));
    }

    /** Generates an object with all or some of the documented fields. */
    private static Arbitrary<String> object(Operation operation) {
        List<String> names = new ArrayList<>();
        operation.body().node().path("properties").fieldNames().forEachRemaining(names::add);
        return Arbitraries.maps(Arbitraries.of(names), Arbitraries.of(VALUES)).map(fields -> {
            List<String> written = new ArrayList<>();
            fields.forEach((name, value) -> written.add("\"" + name + "\":" + value));
            return "{" + String.join(",", written) + "}";
        });
    }
}
