package dev.steptrail.stepformat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generates records in which one known field, at any level, was removed or set to another value, valid or invalid. */
final class CorruptedRecords {
    static final String SECRET = "hunter2";

    private static final List<String> KNOWN = knownFields();

    /** Without 1e19 and above in exponential notation, which the validator truncates to 64 bits. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "1",
            "-1",
            "1.0",
            "1.5",
            "2147483648",
            "9223372036854775808",
            "\"\"",
            "\"1\"",
            "\" 1\"",
            "\"1\\n\"",
            "\"1\u00a0\"",
            "\"hunter2\"",
            "\"" + "x".repeat(100) + "\"",
            "\"" + "x".repeat(101) + "\"",
            "\"" + "\uD83D\uDE00".repeat(101) + "\"",
            "\"step\"",
            "\"verdict\"",
            "\"pass\"",
            "\"model_input\"",
            "\"attachments/a/b/c\"",
            "\"task_started\"",
            "\"before\"",
            "\"failed\"",
            "\"finished\"",
            "\"frames/1.png\"",
            "\"frames/../1.png\"",
            "\"0190163d-8694-739b-aea5-966c26f8ad91\"",
            "\"0190163D-8694-739B-AEA5-966C26F8AD91\"",
            "\"2025-12-14T21:41:58.018Z\"",
            "\"2025-12-14T21:41:58.0184567+08:00\"",
            "\"2025-12-14T21:41:58\"",
            "\"2025-12-14T21:41:58+0800\"",
            "\"2025-12-14T21:41:58+08:00:01\"",
            "\"0000-12-14T21:41:58Z\"",
            "\"0001-01-01T00:00:00Z\"",
            "\"9999-12-31T23:59:59.999999999Z\"",
            "\"+12025-12-14T21:41:58Z\"",
            "\"2025-12-14T21:41:58Z\\n\"",
            "[]",
            "{}",
            "[null]",
            "[{}]",
            "{\"hunter2\":0}",
            "{\"hunter2\":null}",
            "{\"hunter2\":\"hunter2\"}",
            "[{\"role\":\"before\",\"file\":\"frames/1.png\"}]",
            "[{\"role\":\"before\",\"file\":\"frames/1.png\",\"width\":\"hunter2\"}]",
            attachments("model_input", "model_output"),
            attachments("model_input", "model_input"),
            "[{\"x\":0,\"y\":0,\"width\":1,\"height\":1}]",
            "[{\"x\":0,\"y\":0,\"width\":1,\"height\":0}]");

    private CorruptedRecords() {}

    static Arbitrary<JsonNode> records() {
        return Combinators.combine(RandomRecords.records(), Arbitraries.randoms())
                .as(CorruptedRecords::corrupt);
    }

    private static String attachments(String field, String otherField) {
        String element = "{\"field\":\"%s\",\"path\":\"attachments/a/b/c\",\"file_hash\":\"" + "0".repeat(64)
                + "\",\"file_size\":1,\"original_size\":1}";
        return "[" + element.formatted(field) + "," + element.formatted(otherField) + "]";
    }

    private static JsonNode corrupt(StepRecord record, Random random) {
        try {
            JsonNode json = RecordSchema.JSON.readTree(RecordCodec.encode(record));
            List<ObjectNode> objects = new ArrayList<>();
            objects.add((ObjectNode) json);
            for (String list : List.of("frames", "screenshots")) {
                json.path(list).forEach(element -> {
                    objects.add((ObjectNode) element);
                    element.path("redacted_regions").forEach(region -> objects.add((ObjectNode) region));
                });
            }
            json.path("attachments").forEach(element -> objects.add((ObjectNode) element));
            if (json.path("usage") instanceof ObjectNode usage) {
                objects.add(usage);
            }
            ObjectNode corrupted = objects.get(random.nextInt(objects.size()));
            List<String> names = new ArrayList<>(KNOWN);
            names.retainAll(names(corrupted));
            if (names.isEmpty() || random.nextInt(3) == 0) {
                names = KNOWN;
            }
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(9) == 0) {
                corrupted.remove(name);
            } else {
                corrupted.set(name, RecordSchema.JSON.readTree(VALUES.get(random.nextInt(VALUES.size()))));
            }
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Returns the names of all properties in the schema. */
    private static List<String> knownFields() {
        TreeSet<String> names = new TreeSet<>();
        RecordSchema.json()
                .findValues("properties")
                .forEach(properties -> properties.fieldNames().forEachRemaining(names::add));
        return List.copyOf(names);
    }
}
