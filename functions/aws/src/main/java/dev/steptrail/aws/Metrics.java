package dev.steptrail.aws;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    private final Purpose function;
    private final MetricLine total;
    private final Map<String, MetricLine> byDetail = new TreeMap<>();
    private final Map<String, Object> properties = new LinkedHashMap<>();

    public Metrics(Purpose function, String requestId) {
        this.function = function;
        this.total = new MetricLine(Map.of(FUNCTION, function.dimension()));
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

    private MetricLine detailed(String dimension, String value) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        dimensions.put(FUNCTION, function.dimension());
        dimensions.put(dimension, value);
        return new MetricLine(dimensions);
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
        for (MetricLine line : byDetail.values()) {
            lines.add(line.json(now, ids));
        }
        return lines;
    }
}
