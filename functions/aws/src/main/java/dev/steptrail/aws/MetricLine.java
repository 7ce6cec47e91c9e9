package dev.steptrail.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * One line of the embedded metric format: metrics that have the same dimensions.
 */
final class MetricLine {
    /** As many numbers as a metric may have in a line. */
    private static final int MAX_VALUES = 100;

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> dimensions;
    private final Map<Metric, List<Long>> values = new EnumMap<>(Metric.class);

    /** @param dimensions name to value, in their order */
    MetricLine(Map<String, String> dimensions) {
        this.dimensions = dimensions;
    }

    /** Adds to the one number that it has. */
    void add(Metric metric, long more) {
        values.merge(metric, List.of(more), (known, added) -> List.of(known.get(0) + more));
    }

    /** Notes one number more. */
    void note(Metric metric, long value) {
        values.computeIfAbsent(metric, name -> new ArrayList<>()).add(value);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** @param properties that are no metrics: texts, numbers, and lists of texts */
    String json(Instant time, Map<String, ?> properties) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeObjectFieldStart("_aws");
            json.writeNumberField("Timestamp", time.toEpochMilli());
            json.writeArrayFieldStart("CloudWatchMetrics");
            writeDirective(json);
            json.writeEndArray();
            json.writeEndObject();
            for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
                json.writeStringField(dimension.getKey(), dimension.getValue());
            }
            for (Map.Entry<Metric, List<Long>> metric : values.entrySet()) {
                json.writeFieldName(metric.getKey().text());
                writeValues(json, metric.getValue());
            }
            Log.writeFields(json, properties);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return line.toString();
    }

    private void writeDirective(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("Namespace", Metrics.NAMESPACE);
        json.writeArrayFieldStart("Dimensions");
        json.writeStartArray();
        for (String name : dimensions.keySet()) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeEndArray();
        json.writeArrayFieldStart("Metrics");
        for (Metric metric : values.keySet()) {
            json.writeStartObject();
            json.writeStringField("Name", metric.text());
            json.writeStringField("Unit", metric.unit().text());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeValues(JsonGenerator json, List<Long> all) throws IOException {
        if (all.size() == 1) {
            json.writeNumber(all.get(0));
        } else {
            long[] some = some(all.stream().mapToLong(Long::longValue).toArray());
            json.writeArray(some, 0, some.length);
        }
    }

    /** All of them, or so many as may be: the least, the greatest, and those at even ranks between, so percentiles stay what they were. */
    private static long[] some(long[] all) {
        if (all.length <= MAX_VALUES) {
            return all;
        }
        Arrays.sort(all);
        return LongStream.range(0, MAX_VALUES)
                .map(i -> all[(int) (i * (all.length - 1) / (MAX_VALUES - 1))])
                .toArray();
    }
}
