package dev.steptrail.aws;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which metrics are published, and for which stack. CloudWatch bills each combination of a metric and its dimensions,
 * so a small installation publishes only a few metrics.
 *
 * @param stack the value of the dimension {@value Metrics#STACK}
 * @param published the published metrics; the others are only fields of the log line
 * @param byFunction whether the metrics have the dimension {@value Metrics#FUNCTION} and their extra dimension, or only
 *     {@value Metrics#STACK}
 */
record MetricSettings(String stack, Set<Metric> published, boolean byFunction) {
    private static final String ALL = "all";

    /** Publishes all metrics of a stack that runs on one machine. */
    static final MetricSettings LOCAL = publishAll("local");

    static MetricSettings publishAll(String stack) {
        return new MetricSettings(stack, Set.of(Metric.values()), true);
    }

    /**
     * Reads the settings of a deployed function.
     *
     * @param settings {@code STEPTRAIL_STACK}, the name of the stack; {@code STEPTRAIL_METRICS}, {@code all} (default)
     *     or the names of the published metrics, separated by commas
     * @throws IllegalArgumentException if a setting is missing or invalid; the message names it
     */
    static MetricSettings of(Settings settings) {
        String stack = settings.required("STEPTRAIL_STACK");
        String names = settings.optional("STEPTRAIL_METRICS", ALL);
        return names.equals(ALL)
                ? publishAll(stack)
                : new MetricSettings(
                        stack,
                        Arrays.stream(names.split(",", -1))
                                .map(MetricSettings::metric)
                                .collect(Collectors.toUnmodifiableSet()),
                        false);
    }

    private static Metric metric(String name) {
        List<Metric> found = Arrays.stream(Metric.values())
                .filter(metric -> metric.cloudWatchName().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("STEPTRAIL_METRICS: '" + name
                    + "' is not a metric; set it to all, or to names of metrics separated by commas");
        }
        return found.get(0);
    }
}
