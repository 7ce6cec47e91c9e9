package dev.steptrail.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The metrics of one invocation, as lines from which CloudWatch takes them (<a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">embedded
 * metric format</a>): one line with the dimension {@value #FUNCTION}, and one more for each {@linkplain Metric#detail detail} that was
 * counted, since a line has one value of a dimension. Nothing is sent anywhere by it; whoever writes a line must leave it as it is.
 * Not thread-safe.
 *
 * <p>Dimensions have few values, as each set of them is a metric that is paid for. Ids belong in properties, which cost nothing but
 * their length, and which queries of the log find.
 */
public final class Metrics {
    public static final String NAMESPACE = "Steptrail";
    public static final String FUNCTION = "Function";

    /** By which Lambda's own lines name an invocation in JSON, as the runtime for Java writes them. */
    static final String REQUEST_ID = "AWSRequestId";

    /** As many numbers as a metric may have in a line. */
    private static final int MAX_VALUES = 100;

    private static final JsonFactory JSON = new JsonFactory();

    private final Purpose function;
    private final Line total;
    private final Map<String, Line> byDetail = new TreeMap<>();
    private final Map<String, Object> properties = new LinkedHashMap<>();

    public Metrics(Purpose function, String requestId) {
        this.function = function;
        this.total = new Line(Map.of(FUNCTION, function.dimension()));
        this.properties.put(REQUEST_ID, requestId);
    }

    /** Counts so many more; 0 tells that there were none. */
    public void count(Metric metric, long more) {
        check(metric, true);
        total.add(metric, more);
    }

    /**
     * Counts so many more, in all and of this detail.
     *
     * @param value of the metric's further dimension, one of few
     * @throws IllegalArgumentException if the metric has no further dimension
     */
    public void count(Metric metric, String value, long more) {
        String dimension = metric.detail();
        if (dimension == null) {
            throw new IllegalArgumentException(metric + " has no further dimension");
        }
        count(metric, more);
        byDetail.computeIfAbsent(dimension + "=" + value, name -> detailed(dimension, value))
                .add(metric, more);
    }

    private Line detailed(String dimension, String value) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        dimensions.put(FUNCTION, function.dimension());
        dimensions.put(dimension, value);
        return new Line(dimensions);
    }

    /** Notes how long something took. Where that is told more than 100 times, 100 of them go into the line, as evenly spread. */
    public void measure(Metric metric, Duration took) {
        check(metric, false);
        total.note(metric, metric.unit() == Metric.Unit.SECONDS ? took.toSeconds() : took.toMillis());
    }

    private void check(Metric metric, boolean isCounted) {
        if (!metric.writers().contains(function) || isCounted != (metric.unit() == Metric.Unit.COUNT)) {
            throw new IllegalArgumentException(metric + " is not for " + function + ", or not told so");
        }
    }

    /**
     * Tells what is no metric.
     *
     * @param name in snake_case, which no metric and no dimension is
     * @param value an integer, a text, or a collection of these; never what a step holds
     */
    public void tell(String name, Object value) {
        properties.put(name, value);
    }

    /** The lines, each a JSON object, without line ends; none if nothing was counted or measured. */
    public List<String> lines(Instant now) {
        List<String> lines = new ArrayList<>();
        if (!total.isEmpty()) {
            lines.add(total.json(now, properties));
        }
        Map<String, Object> ids = Map.of(REQUEST_ID, properties.getOrDefault(REQUEST_ID, ""));
        for (Line line : byDetail.values()) {
            lines.add(line.json(now, ids));
        }
        return lines;
    }

    /**
     * One line of the embedded metric format: metrics that have the same dimensions.
     */
    private static final class Line {
        private final Map<String, String> dimensions;
        private final Map<Metric, List<Long>> values = new EnumMap<>(Metric.class);

        /** @param dimensions name to value, in their order */
        Line(Map<String, String> dimensions) {
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
            json.writeStringField("Namespace", NAMESPACE);
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
}
