package dev.steptrail.store.model;

import static java.util.Map.entry;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.FrameRole;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Removes S3 keys and content that the step format does not define from JSON columns. The format does not validate the
 * content of most of these fields, so a sender may have stored anything in them.
 */
final class DetailFilter {
    private static final List<String> CALL_FIELDS = List.of("model_input", "model_output");

    private static final Pattern TOKEN_COUNTS = Pattern.compile("(?:input|cached|output)_tokens");

    private static final Pattern ANY_NAME = Pattern.compile(".*", Pattern.DOTALL);

    /** The beginning of a number in JSON. */
    private static final Pattern NUMBER = Pattern.compile("[-0-9]");

    /** The fields of an attachment whose values the format validates, except for its S3 key. */
    private static final List<String> ATTACHMENT_FIELDS = List.of("field", "file_hash", "file_size", "original_size");

    /** The fields to keep of step_data, with the filter of their values. */
    private static final Map<String, UnaryOperator<String>> STEP_DATA = Map.ofEntries(
            entry("action", action -> action),
            entry("timings", timings -> numbers(timings, ANY_NAME)),
            entry("resources", resources -> numbers(resources, ANY_NAME)),
            entry("usage", usage -> numbers(usage, TOKEN_COUNTS)),
            entry("model_input", input -> input),
            entry("model_output", output -> output),
            entry("attachments", DetailFilter::attachments),
            entry("lost_screenshots", DetailFilter::lostScreenshots));

    /** The fields to keep of losses. The format validates the counts of lost data. */
    private static final Map<String, UnaryOperator<String>> LOSSES = Map.of(
            "dropped_steps", counts -> counts,
            "dropped_screenshots", counts -> counts);

    private DetailFilter() {}

    static String stepData(String stepData) {
        return filter(STEP_DATA, stepData);
    }

    static @Nullable String losses(@Nullable String losses) {
        return losses == null ? null : filter(LOSSES, losses);
    }

    /** Returns the role; null if the format does not define it. */
    static @Nullable String role(@Nullable String role) {
        return Stream.of(FrameRole.values())
                .map(FrameRole::wireName)
                .filter(name -> name.equals(role))
                .findFirst()
                .orElse(null);
    }

    /** Returns step_data without what the model received and returned; the same text if it contains nothing of it. */
    static String withoutModelCall(String stepData, boolean keepsUsage) {
        boolean mayHaveUsage = !keepsUsage && stepData.contains("usage");
        if (!mayHaveUsage && CALL_FIELDS.stream().noneMatch(stepData::contains)) {
            return stepData; // most steps have no model call
        }
        List<String> kept = new ArrayList<>();
        JsonColumn.fields(stepData).forEach((field, value) -> {
            boolean isRemoved = CALL_FIELDS.contains(field) || (!keepsUsage && field.equals("usage"));
            String visible = field.equals("attachments") ? attachments(value, CALL_FIELDS) : value;
            if (!isRemoved && !(field.equals("attachments") && visible.equals("[]"))) {
                kept.add(JsonColumn.write(field) + ":" + visible);
            }
        });
        return "{" + String.join(",", kept) + "}";
    }

    private static String filter(Map<String, UnaryOperator<String>> kept, String object) {
        return JsonColumn.fields(object).entrySet().stream()
                .filter(field -> kept.containsKey(field.getKey()))
                .map(field -> "\"" + field.getKey() + "\":"
                        + kept.getOrDefault(field.getKey(), UnaryOperator.identity())
                                .apply(field.getValue()))
                .collect(joining(",", "{", "}"));
    }

    /** Returns the elements without their S3 keys and unknown fields. */
    private static String attachments(String json) {
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : JsonColumn.tree(json)) {
            if (element instanceof ObjectNode attachment) {
                result.add(attachment.retain(ATTACHMENT_FIELDS));
            }
        }
        return result.toString();
    }

    /** Returns the elements except those of some fields. */
    private static String attachments(String json, Collection<String> hidden) {
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : JsonColumn.tree(json)) {
            if (!hidden.contains(element.path("field").asText())) {
                result.add(element);
            }
        }
        return result.toString();
    }

    /** Returns an object with the members that are numbers and whose names match; empty if it is not an object. */
    private static String numbers(String json, Pattern names) {
        return JsonColumn.fields(json).entrySet().stream()
                .filter(member -> NUMBER.matcher(member.getValue()).lookingAt()
                        && names.matcher(member.getKey()).matches())
                .map(member -> JsonColumn.write(member.getKey()) + ":" + member.getValue())
                .collect(joining(",", "{", "}"));
    }

    /** Returns the elements with only their role and count; an empty array if it is not an array. */
    private static String lostScreenshots(String json) {
        JsonNode list = JsonColumn.tree(json);
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (JsonNode element : list.isArray() ? list : result) {
            ObjectNode kept = result.addObject();
            String role = role(element.path("role").textValue());
            if (role != null) {
                kept.put("role", role);
            }
            JsonNode count = element.path("count");
            if (count.isIntegralNumber()) {
                kept.set("count", count);
            }
        }
        return result.toString();
    }
}
