package dev.steptrail.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

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
            Map<String, Object> line = new LinkedHashMap<>();
            addDirective(line, time, settings);
            line.put(STACK, settings.stack());
            line.put(FUNCTION, function.dimension());
            line.putAll(extraDimension);
            values.forEach(
                    (metric, list) -> line.put(metric.cloudWatchName(), list.size() == 1 ? list.get(0) : sample(list)));
            line.putAll(properties);
            return Log.json(line);
        }

        /** Adds which fields CloudWatch publishes, sorted by name. Without them the line is an ordinary log line. */
        private void addDirective(Map<String, Object> line, Instant time, MetricSettings settings) {
            List<Map<String, ?>> published = values.keySet().stream()
                    .filter(settings.published()::contains)
                    .<Map<String, ?>>map(metric -> new TreeMap<>(Map.of(
                            "Name", metric.cloudWatchName(),
                            "Unit", metric.unit().cloudWatchName())))
                    .toList();
            if (published.isEmpty() || (!settings.byFunction() && !extraDimension.isEmpty())) {
                return;
            }
            List<String> dimensions = new ArrayList<>(List.of(STACK));
            if (settings.byFunction()) {
                dimensions.add(FUNCTION);
                dimensions.addAll(extraDimension.keySet());
            }
            Map<String, ?> metrics = new TreeMap<>(
                    Map.of("Namespace", NAMESPACE, "Dimensions", List.of(dimensions), "Metrics", published));
            line.put(
                    "_aws",
                    new TreeMap<>(Map.of("Timestamp", time.toEpochMilli(), "CloudWatchMetrics", List.of(metrics))));
        }

        /** Returns at most {@value #MAX_VALUES} values at evenly spaced ranks, including minimum and maximum. */
        private static List<Long> sample(List<Long> values) {
            if (values.size() <= MAX_VALUES) {
                return values;
            }
            List<Long> sorted = values.stream().sorted().toList();
            return IntStream.range(0, MAX_VALUES)
                    .mapToObj(i -> sorted.get(i * (sorted.size() - 1) / (MAX_VALUES - 1)))
                    .toList();
        }
    }
}
