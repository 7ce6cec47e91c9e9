package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Moves large values of a record into {@link Attachment}s, so that the record fits into a message and a row. A text
 * keeps its beginning in the record; any other value is removed from it. The rule is described in {@code FORMAT.md},
 * section "Large values".
 *
 * @param <E> what the store throws
 */
public final class LargeValues<E extends Exception> {
    /** The maximum size of a record's JSON. Even text that gzip cannot compress then fits into 240 KiB of base64. */
    public static final int MAX_RECORD_BYTES = 200 * 1024;

    private static final int MAX_VALUE_BYTES = 64 * 1024;

    /** Lists and statistics do not read what models received and returned, so most of it is moved. */
    private static final int MAX_MODEL_VALUE_BYTES = 4 * 1024;

    /** Lower than the limit of an index of PostgreSQL, 2,704 bytes. */
    private static final int MAX_NAME_BYTES = 1024;

    private static final int KEPT_TEXT_LENGTH = 4_000;
    private static final int KEPT_NAME_LENGTH = 200;
    private static final int MAX_KEPT_FIELD_BYTES = 1024;
    private static final int MAX_KEPT_FIELDS = 32;
    private static final int MAX_KEPT_REGIONS = 10;

    private static final Set<String> NAMES = Set.of("name", "agent", "model", "device_id");
    private static final Set<String> TEXTS = Set.of("thinking", "error_message", "description", "message");
    private static final Set<String> MODEL_VALUES = Set.of(ModelCall.INPUT, ModelCall.OUTPUT);

    private static final String INVALID = "invalid_fields";

    /** The field that counts what a record, which is too large otherwise, does not contain. */
    private static final String OMITTED = "omitted_values";

    /** Parses what this library has encoded; a recorder's record may be larger than the format permits. */
    private static final JsonFactory ANY_LENGTH = UntrustedJson.factoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Stores the JSON of a value in the bucket. */
    @FunctionalInterface
    public interface Store<E extends Exception> {
        @Nullable
        Attachment put(String field, byte[] json) throws E;
    }

    private final Store<E> store;
    private final Map<String, Object> fields;
    private final Set<String> unknown;
    private final Map<String, JsonObject> attachments = new LinkedHashMap<>();
    private final Set<String> moved = new HashSet<>();

    private LargeValues(StepRecord record, Store<E> store) {
        this.store = store;
        fields = new LinkedHashMap<>(parse(RecordCodec.encode(record)));
        fields.remove("attachments");
        unknown = record.unknown().keySet();
        Attachment.of(record).forEach(attachment -> attachments.put(attachment.field(), toJson(attachment)));
    }

    /**
     * Returns the record without its large values. The result may still exceed {@link #MAX_RECORD_BYTES} if it has
     * large values in fields that cannot be moved, such as the reasons of losses.
     */
    public static <E extends Exception> StepRecord move(StepRecord record, Store<E> store) throws E {
        if (record instanceof Verdict verdict) {
            return RecordCodec.encode(verdict).length <= MAX_VALUE_BYTES ? verdict : withoutExcess(verdict);
        }
        boolean isSmall = record instanceof Step && RecordCodec.encode(record).length <= MAX_MODEL_VALUE_BYTES;
        return isSmall || record instanceof Losses ? record : new LargeValues<>(record, store).move();
    }

    /**
     * Returns the record without its largest values if its JSON exceeds {@code maxBytes}. {@code invalid_fields}
     * contains their names. For recorders, which cannot store them elsewhere. The result may still be too large.
     */
    public static StepRecord omit(StepRecord record, int maxBytes) {
        if (RecordCodec.encode(record).length <= maxBytes) {
            return record;
        }
        if (record instanceof Verdict verdict) {
            return withoutExcess(verdict);
        }
        List<Object> omitted = new ArrayList<>();
        LargeValues<RuntimeException> values = new LargeValues<>(record, (field, json) -> {
            omitted.add(field);
            return null;
        });
        values.moveLargest(maxBytes);
        if (values.fields.get(INVALID) instanceof List<?> earlier) {
            omitted.addAll(earlier);
        }
        values.fields.put(INVALID, List.copyOf(omitted));
        return values.toRecord();
    }

    /** Returns the verdict with what is stored of it. */
    private static Verdict withoutExcess(Verdict verdict) {
        String reason = verdict.reason();
        return verdict.with(
                reason == null ? null : TextTruncator.truncate(reason, 2 * Verdict.MAX_REASON_LENGTH), Map.of());
    }

    private StepRecord move() throws E {
        for (String field : List.copyOf(fields.keySet())) {
            if (isMovable(field) && sizeOf(fields.get(field)) > limit(field)) {
                move(field);
            }
        }
        if (sizeOf(otherFields()) > MAX_VALUE_BYTES) {
            move(Attachment.OTHER_FIELDS);
        }
        moveLargest(MAX_RECORD_BYTES);
        if (size() > MAX_RECORD_BYTES) {
            omitDetails();
        }
        return toRecord();
    }

    private void moveLargest(int maxBytes) throws E {
        while (size() > maxBytes) {
            Optional<String> largest = findLargest();
            if (largest.isEmpty()) {
                return;
            }
            move(largest.get());
        }
    }

    private boolean isMovable(String field) {
        return Attachment.ATTACHABLE.contains(field) && !unknown.contains(field);
    }

    private static int limit(String field) {
        if (MODEL_VALUES.contains(field)) {
            return MAX_MODEL_VALUE_BYTES;
        }
        return NAMES.contains(field) ? MAX_NAME_BYTES : MAX_VALUE_BYTES;
    }

    private void move(String field) throws E {
        boolean isGroup = field.equals(Attachment.OTHER_FIELDS);
        Object value = isGroup ? otherFields() : fields.get(field);
        Attachment attachment = store.put(field, RecordCodec.encodeValue(value));
        if (attachment != null) {
            attachments.put(field, toJson(attachment));
        }
        moved.add(field);
        if (isGroup) {
            keepSmallFields();
        } else if (value instanceof String text && (NAMES.contains(field) || TEXTS.contains(field))) {
            int length = NAMES.contains(field) ? KEPT_NAME_LENGTH : KEPT_TEXT_LENGTH;
            fields.put(field, TextTruncator.truncate(text, length));
        } else {
            fields.remove(field);
        }
    }

    private Map<String, Object> otherFields() {
        Map<String, Object> others = new LinkedHashMap<>();
        fields.forEach((field, value) -> {
            if (unknown.contains(field)) {
                others.put(field, value);
            }
        });
        return others;
    }

    /** Removes the fields that the format does not define, because there may be thousands, except a few small ones. */
    private void keepSmallFields() {
        Set<String> kept = otherFields().entrySet().stream()
                .filter(field ->
                        field.getKey().length() <= KEPT_NAME_LENGTH && sizeOf(field.getValue()) <= MAX_KEPT_FIELD_BYTES)
                .limit(MAX_KEPT_FIELDS)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        fields.keySet().removeIf(field -> unknown.contains(field) && !kept.contains(field));
    }

    /** Returns the field with the largest value that has not been moved; empty if all have. */
    private Optional<String> findLargest() {
        Map<String, Integer> sizes = new HashMap<>();
        fields.forEach((field, value) -> {
            if (isMovable(field)) {
                sizes.put(field, sizeOf(value));
            }
        });
        if (!otherFields().isEmpty()) {
            sizes.put(Attachment.OTHER_FIELDS, sizeOf(otherFields()));
        }
        // A small value with an attachment is what an earlier call has left of the value.
        sizes.entrySet()
                .removeIf(field -> moved.contains(field.getKey())
                        || (attachments.containsKey(field.getKey()) && field.getValue() <= limit(field.getKey())));
        return sizes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    /** Removes what the format does not define from images and usage, and the regions of images beyond ten. */
    private void omitDetails() {
        Map<String, Integer> omitted = new LinkedHashMap<>();
        fields.replaceAll((field, value) -> switch (unknown.contains(field) ? "" : field) {
            case "frames" -> bounded((List<?>) value, Frame.FIELDS, omitted);
            case "screenshots" -> bounded((List<?>) value, Screenshot.FIELDS, omitted);
            case "usage" -> bounded(value, Usage.FIELDS, omitted);
            default -> value;
        });
        if (!omitted.isEmpty()) {
            fields.put(OMITTED, JsonValues.copyOf(omitted));
        }
    }

    private static List<Object> bounded(List<?> images, Set<String> defined, Map<String, Integer> omitted) {
        List<Object> result = new ArrayList<>();
        images.forEach(image -> result.add(bounded(image, defined, omitted)));
        return result;
    }

    private static JsonObject bounded(Object object, Set<String> defined, Map<String, Integer> omitted) {
        JsonObject.Builder result = new JsonObject.Builder();
        ((JsonObject) object).forEach((field, value) -> {
            if (!defined.contains(field)) {
                omitted.merge("fields", 1, Integer::sum);
            } else if (value instanceof List<?> regions && regions.size() > MAX_KEPT_REGIONS) {
                omitted.merge("redacted_regions", regions.size() - MAX_KEPT_REGIONS, Integer::sum);
                result.put(field, List.copyOf(regions.subList(0, MAX_KEPT_REGIONS)));
            } else {
                result.put(field, value);
            }
        });
        return result.build();
    }

    private int size() {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put("attachments", List.copyOf(attachments.values()));
        return sizeOf(all);
    }

    private static int sizeOf(@Nullable Object value) {
        return RecordCodec.encodeValue(value).length;
    }

    private StepRecord toRecord() {
        JsonObject.Builder result = new JsonObject.Builder();
        fields.forEach(result::put);
        if (!attachments.isEmpty()) {
            result.put("attachments", List.copyOf(attachments.values()));
        }
        try {
            return RecordReader.read(result.build());
        } catch (InvalidRecordException e) {
            throw new IllegalStateException("a record without its large values is invalid", e);
        }
    }

    private static JsonObject parse(byte[] json) {
        try (JsonParser parser = ANY_LENGTH.createParser(json)) {
            parser.nextToken();
            return RecordReader.parseObject(parser);
        } catch (IOException | InvalidRecordException e) {
            throw new IllegalStateException("the JSON of a record cannot be parsed", e);
        }
    }

    private static JsonObject toJson(Attachment attachment) {
        return parse(RecordCodec.encodeValue(attachment));
    }
}
