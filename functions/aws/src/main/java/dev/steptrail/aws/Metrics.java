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
 * The metrics of one invocation, as log lines in CloudWatch's <a
 * href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">embedded
 * metric format</a>. There is one line with the dimensions {@value #STACK} and {@value #FUNCTION}, and one more for
 * each value of an {@linkplain Metric#extraDimension extra dimension}, because a line has one value per dimension. If
 * only some metrics are published, they have the dimension {@value #STACK} alone, and are published once, by the first
 * line. The caller must write the lines to the log unmodified. Not thread-safe.
 *
 * <p>Dimensions must have few values, because each combination is billed as a metric. Put ids in properties, which can
 * be queried and are billed only as log bytes.
 */
public final class Metrics {
    public static final String NAMESPACE = "Steptrail";
    public static final String STACK = "Stack";
    public static final String FUNCTION = "Function";

    /** The field that contains the request id in the JSON log lines of Lambda's Java runtime. */
    static final String REQUEST_ID = "AWSRequestId";

    /** The maximum number of values per metric and line. */
    private static final int MAX_VALUES = 100;

    private static final JsonFactory JSON = new JsonFactory();

    private final LambdaFunction function;
    private final Line total;
    private final Map<String, Line> byExtraDimension = new TreeMap<>();
    private final Map<String, Object> properties = new LinkedHashMap<>();

    public Metrics(LambdaFunction function, String requestId) {
        this.function = function;
        this.total = new Line(Map.of());
        this.properties.put(REQUEST_ID, requestId);
    }

    /** Adds to a counter. Adding 0 publishes the value 0. */
    public void count(Metric metric, long increment) {
        check(metric, true);
        total.add(metric, increment);
    }

    /**
     * Adds to a counter, in total and for one value of its extra dimension.
     *
     * @param value the value of the extra dimension; use few different values
     * @throws IllegalArgumentException if the metric has no extra dimension
     */
    public void count(Metric metric, String value, long increment) {
        String dimension = metric.extraDimension();
        if (dimension == null) {
            throw new IllegalArgumentException(metric + " has no extra dimension");
        }
        count(metric, increment);
        byExtraDimension
                .computeIfAbsent(dimension + "=" + value, name -> new Line(Map.of(dimension, value)))
                .add(metric, increment);
    }

    /** Records a duration. If a metric has more than 100 durations, the line contains a sample of 100 of them. */
    public void recordDuration(Metric metric, Duration duration) {
        check(metric, false);
        total.append(metric, metric.unit() == Metric.Unit.SECONDS ? duration.toSeconds() : duration.toMillis());
    }

    private void check(Metric metric, boolean asCounter) {
        if (!metric.publishers().contains(function)) {
            throw new IllegalArgumentException(metric + " is not a metric of the function " + function);
        }
        if (asCounter != (metric.unit() == Metric.Unit.COUNT)) {
            throw new IllegalArgumentException(metric + " has the unit " + metric.unit());
        }
    }

    /**
     * Sets a property, which is written to the line but is not a metric.
     *
     * @param name in snake_case, to avoid a clash with the name of a metric or dimension
     * @param value an integer, a text, or a collection of these; never the content of a step
     */
    public void setProperty(String name, Object value) {
        properties.put(name, value);
    }

    /** Returns the lines, each a JSON object without a line end; empty if nothing was counted or measured. */
    List<String> lines(Instant now, MetricSettings settings) {
        List<String> lines = new ArrayList<>();
        if (!total.isEmpty()) {
            lines.add(total.json(now, function, settings, properties));
        }
        Map<String, Object> ids = Map.of(REQUEST_ID, properties.getOrDefault(REQUEST_ID, ""));
        for (Line line : byExtraDimension.values()) {
            lines.add(line.json(now, function, settings, ids));
        }
        return lines;
    }

    /** One line of the embedded metric format: metrics with the same dimensions. */
    private static final class Line {
        private final Map<String, String> extraDimension;
        private final Map<Metric, List<Long>> values = new EnumMap<>(Metric.class);

        /** @param extraDimension the name and value of the extra dimension; empty if there is none */
        Line(Map<String, String> extraDimension) {
            this.extraDimension = extraDimension;
        }

        /** Adds to a counter. */
        void add(Metric metric, long increment) {
            values.merge(metric, List.of(increment), (old, added) -> List.of(old.get(0) + added.get(0)));
        }

        /** Appends a value. */
        void append(Metric metric, long value) {
            values.computeIfAbsent(metric, name -> new ArrayList<>()).add(value);
        }

        boolean isEmpty() {
            return values.isEmpty();
        }

        /** @param properties fields that are not metrics: texts, numbers and lists of texts */
        String json(Instant time, LambdaFunction function, MetricSettings settings, Map<String, ?> properties) {
            StringWriter line = new StringWriter();
            try (JsonGenerator json = JSON.createGenerator(line)) {
                json.writeStartObject();
                writeDirective(json, time, settings);
                json.writeStringField(STACK, settings.stack());
                json.writeStringField(FUNCTION, function.dimension());
                for (Map.Entry<String, String> dimension : extraDimension.entrySet()) {
                    json.writeStringField(dimension.getKey(), dimension.getValue());
                }
                for (Map.Entry<Metric, List<Long>> metric : values.entrySet()) {
                    json.writeFieldName(metric.getKey().cloudWatchName());
                    writeValues(json, metric.getValue());
                }
                Log.writeFields(json, properties);
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return line.toString();
        }

        /** Writes which fields CloudWatch publishes. Without this object the line is an ordinary log line. */
        private void writeDirective(JsonGenerator json, Instant time, MetricSettings settings) throws IOException {
            List<Metric> published = values.keySet().stream()
                    .filter(settings.published()::contains)
                    .toList();
            if (published.isEmpty() || (!settings.byFunction() && !extraDimension.isEmpty())) {
                return;
            }
            json.writeObjectFieldStart("_aws");
            json.writeNumberField("Timestamp", time.toEpochMilli());
            json.writeArrayFieldStart("CloudWatchMetrics");
            json.writeStartObject();
            json.writeStringField("Namespace", NAMESPACE);
            json.writeArrayFieldStart("Dimensions");
            json.writeStartArray();
            json.writeString(STACK);
            if (settings.byFunction()) {
                json.writeString(FUNCTION);
                for (String name : extraDimension.keySet()) {
                    json.writeString(name);
                }
            }
            json.writeEndArray();
            json.writeEndArray();
            json.writeArrayFieldStart("Metrics");
            for (Metric metric : published) {
                json.writeStartObject();
                json.writeStringField("Name", metric.cloudWatchName());
                json.writeStringField("Unit", metric.unit().cloudWatchName());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }

        private static void writeValues(JsonGenerator json, List<Long> values) throws IOException {
            if (values.size() == 1) {
                json.writeNumber(values.get(0));
            } else {
                long[] sample =
                        sample(values.stream().mapToLong(Long::longValue).toArray());
                json.writeArray(sample, 0, sample.length);
            }
        }

        /** Returns at most {@value #MAX_VALUES} values at evenly spaced ranks, including minimum and maximum. */
        private static long[] sample(long[] values) {
            if (values.length <= MAX_VALUES) {
                return values;
            }
            Arrays.sort(values);
            return LongStream.range(0, MAX_VALUES)
                    .map(i -> values[(int) (i * (values.length - 1) / (MAX_VALUES - 1))])
                    .toArray();
        }
    }
}
