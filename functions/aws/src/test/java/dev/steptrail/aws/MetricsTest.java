package dev.steptrail.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MetricsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");

    private static final MetricSettings ALL = MetricSettings.publishAll("trial");

    /** The units of the specification that a function may need. */
    private static final Pattern UNIT =
            Pattern.compile("(Seconds|Microseconds|Milliseconds|Bytes|Kilobytes|Megabytes|Percent|Count|None)");

    /** A value to record, and for a metric with an extra dimension its value. */
    record Recorded(Metric metric, long value, String detail) {}

    @Example
    void line_matchesTheExampleOfTheSpecification() {
        Metrics metrics = new Metrics(LambdaFunction.INGEST, "request-1");
        metrics.count(Metric.STEPS_WRITTEN, 7);
        metrics.recordDuration(Metric.END_TO_END_LAG, Duration.ofMillis(1500));
        metrics.recordDuration(Metric.END_TO_END_LAG, Duration.ofMillis(20));
        metrics.setProperty("tasks", List.of("a", "b"));

        assertThat(metrics.lines(NOW, ALL))
                .containsExactly(
                        "{\"_aws\":{\"CloudWatchMetrics\":[{\"Dimensions\":[[\"Stack\",\"Function\"]],"
                                + "\"Metrics\":[{\"Name\":\"StepsWritten\",\"Unit\":\"Count\"},"
                                + "{\"Name\":\"EndToEndLag\",\"Unit\":\"Milliseconds\"}],\"Namespace\":\"Steptrail\"}],"
                                + "\"Timestamp\":1772359200123},\"Stack\":\"trial\",\"Function\":\"ingest\","
                                + "\"StepsWritten\":7,\"EndToEndLag\":[1500,20],\"AWSRequestId\":\"request-1\",\"tasks\":[\"a\",\"b\"]}");
    }

    @Example
    void lines_withoutValues_areEmpty() {
        Metrics metrics = new Metrics(LambdaFunction.API, "request-1");
        metrics.setProperty("status", 200);

        assertThat(metrics.lines(NOW, ALL)).isEmpty();
    }

    @Example
    void detail_hasASeparateLine_andCountsInTheTotal() throws Exception {
        Metrics metrics = new Metrics(LambdaFunction.INGEST, "request-1");
        metrics.count(Metric.REJECTED, "Invalid", 2);
        metrics.count(Metric.REJECTED, "Conflict", 1);
        metrics.count(Metric.REJECTED, "Invalid", 1);

        List<String> lines = metrics.lines(NOW, ALL);

        assertThat(lines).hasSize(3);
        assertThat(JSON.readTree(lines.get(0)).get("Rejected").asInt()).isEqualTo(4);
        assertThat(JSON.readTree(lines.get(1)).at("/_aws/CloudWatchMetrics/0/Dimensions/0"))
                .isEqualTo(JSON.readTree("[\"Stack\",\"Function\",\"Reason\"]"));
        assertThat(JSON.readTree(lines.get(1)).get("Reason").asText()).isEqualTo("Conflict");
        assertThat(JSON.readTree(lines.get(2)).get("Rejected").asInt()).isEqualTo(3);
    }

    /** The total must not count a rejection twice, so the line of its reason is not published. */
    @Example
    void listedMetric_isPublishedOnceForTheStack_andTheOthersAreFields() throws Exception {
        MetricSettings settings = MetricSettings.of(new Settings(
                Map.of("STEPTRAIL_STACK", "lab", "STEPTRAIL_METRICS", "Rejected,DatabaseConnectFailures")));
        Metrics metrics = new Metrics(LambdaFunction.INGEST, "request-1");
        metrics.count(Metric.STEPS_WRITTEN, 7);
        metrics.count(Metric.REJECTED, "Invalid", 2);

        List<String> lines = metrics.lines(NOW, settings);

        assertThat(lines)
                .containsExactly(
                        "{\"_aws\":{\"CloudWatchMetrics\":[{\"Dimensions\":[[\"Stack\"]],"
                                + "\"Metrics\":[{\"Name\":\"Rejected\",\"Unit\":\"Count\"}],\"Namespace\":\"Steptrail\"}],"
                                + "\"Timestamp\":1772359200123},"
                                + "\"Stack\":\"lab\",\"Function\":\"ingest\",\"StepsWritten\":7,\"Rejected\":2,"
                                + "\"AWSRequestId\":\"request-1\"}",
                        "{\"Stack\":\"lab\",\"Function\":\"ingest\",\"Reason\":\"Invalid\",\"Rejected\":2,"
                                + "\"AWSRequestId\":\"request-1\"}");
    }

    @Example
    void lineWithoutAListedMetric_isAnOrdinaryLogLine() {
        Metrics metrics = new Metrics(LambdaFunction.API, "request-1");
        metrics.count(Metric.REQUESTS, 1);

        assertThat(metrics.lines(NOW, new MetricSettings("lab", Set.of(Metric.REJECTED), false)))
                .containsExactly(
                        "{\"Stack\":\"lab\",\"Function\":\"api\",\"Requests\":1,\"AWSRequestId\":\"request-1\"}");
    }

    @Example
    void settings_withoutAStackOrWithAnUnknownMetric_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetricSettings.of(new Settings(Map.of())))
                .withMessage("STEPTRAIL_STACK: is not set; set it in the function's environment");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MetricSettings.of(
                        new Settings(Map.of("STEPTRAIL_STACK", "lab", "STEPTRAIL_METRICS", "Rejected, Conflicts"))))
                .withMessageStartingWith("STEPTRAIL_METRICS: ' Conflicts' is not a metric");
        assertThat(MetricSettings.of(new Settings(Map.of("STEPTRAIL_STACK", "lab"))))
                .isEqualTo(MetricSettings.publishAll("lab"));
    }

    @Example
    void metricOfAnotherFunction_isRejected() {
        Metrics metrics = new Metrics(LambdaFunction.API, "request-1");

        assertThatIllegalArgumentException().isThrownBy(() -> metrics.count(Metric.STEPS_WRITTEN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> metrics.count(Metric.REQUESTS, "any", 1));
        assertThatIllegalArgumentException().isThrownBy(() -> metrics.recordDuration(Metric.REQUESTS, Duration.ZERO));
    }

    @Property(tries = 300)
    void anyMetrics_followTheSpecification(
            @ForAll LambdaFunction function,
            @ForAll("recorded") List<Recorded> recorded,
            @ForAll Set<Metric> published,
            @ForAll boolean byFunction,
            @ForAll String text,
            @ForAll long number)
            throws Exception {
        Metrics metrics = new Metrics(function, text);
        recorded.forEach(each -> record(metrics, function, each));
        metrics.setProperty("some_text", text);
        metrics.setProperty("a_number", number);
        metrics.setProperty("some_texts", List.of(text, text));

        for (String line : metrics.lines(NOW, new MetricSettings("trial", published, byFunction))) {
            assertThat(line).doesNotContain("\n", "\r");
            assertThat(line.length()).isLessThan(256 * 1024 / 3);
            JsonNode root = JSON.readTree(line);
            assertThat(root.get("Function").asText()).isEqualTo(function.dimension());
            if (!root.has("_aws")) {
                continue;
            }
            assertThat(root.get("_aws").get("Timestamp").isIntegralNumber()).isTrue();
            assertThat(root.get("_aws").get("CloudWatchMetrics")).hasSize(1);
            checkDirective(root, root.get("_aws").get("CloudWatchMetrics").get(0));
        }
    }

    private static void checkDirective(JsonNode root, JsonNode directive) {
        assertThat(names(directive)).containsExactlyInAnyOrder("Namespace", "Dimensions", "Metrics");
        assertThat(directive.get("Namespace").asText()).isEqualTo("Steptrail");
        assertThat(directive.get("Dimensions")).hasSize(1);
        assertThat(directive.get("Dimensions").get(0).size()).isBetween(1, 30);
        for (JsonNode dimension : directive.get("Dimensions").get(0)) {
            assertThat(root.get(dimension.asText()).isTextual()).isTrue();
            assertThat(root.get(dimension.asText()).asText()).isNotBlank().hasSizeLessThanOrEqualTo(1024);
        }
        assertThat(directive.get("Metrics").size()).isBetween(1, 100);
        for (JsonNode metric : directive.get("Metrics")) {
            assertThat(names(metric)).containsExactlyInAnyOrder("Name", "Unit");
            assertThat(metric.get("Unit").asText()).matches(UNIT);
            JsonNode target = root.get(metric.get("Name").asText());
            if (target.isArray()) {
                assertThat(target.size()).isBetween(2, 100);
                assertThat(target).allMatch(JsonNode::isIntegralNumber);
            } else {
                assertThat(target.isIntegralNumber()).isTrue();
            }
        }
    }

    /** Percentiles must not depend on which values a sample happens to contain. */
    @Property(tries = 200)
    void manyDurations_keepTheirMinimumMaximumAndMedian(@ForAll("durations") List<Long> durations) throws Exception {
        Metrics metrics = new Metrics(LambdaFunction.INGEST, "request-1");
        durations.forEach(millis -> metrics.recordDuration(Metric.END_TO_END_LAG, Duration.ofMillis(millis)));

        JsonNode written = JSON.readTree(metrics.lines(NOW, ALL).get(0)).get("EndToEndLag");

        long[] all = durations.stream().mapToLong(Long::longValue).sorted().toArray();
        long[] kept = StreamSupport.stream(written.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .sorted()
                .toArray();
        assertThat(kept).hasSize(Math.min(100, all.length));
        assertThat(kept[0]).isEqualTo(all[0]);
        assertThat(kept[kept.length - 1]).isEqualTo(all[all.length - 1]);
        int rank = Arrays.binarySearch(all, kept[kept.length / 2]);
        assertThat(rank).isNotNegative();
        assertThat(kept[kept.length / 2])
                .isBetween(all[(int) (all.length * 0.48)], all[Math.min(all.length - 1, all.length * 52 / 100 + 1)]);
    }

    @Example
    void names_areUnique_andDifferFromDimensionsAndProperties() {
        List<String> names =
                Arrays.stream(Metric.values()).map(Metric::cloudWatchName).toList();

        assertThat(names)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[A-Z][A-Za-z]+"))
                .doesNotContain(Metrics.STACK, Metrics.FUNCTION, Metrics.REQUEST_ID, "Reason", "Job");
        assertThat(Metric.values()).allMatch(metric -> !metric.publishers().isEmpty());
    }

    @Provide
    Arbitrary<List<Recorded>> recorded() {
        return Combinators.combine(
                        Arbitraries.of(Metric.values()),
                        Arbitraries.longs().between(0, Long.MAX_VALUE / 1_000),
                        Arbitraries.of("One", "Two", "Three"))
                .as(Recorded::new)
                .list()
                .ofMaxSize(400);
    }

    @Provide
    Arbitrary<List<Long>> durations() {
        return Arbitraries.longs().between(0, 5_000_000).list().ofMinSize(2).ofMaxSize(2_000);
    }

    private static void record(Metrics metrics, LambdaFunction function, Recorded recorded) {
        if (!recorded.metric().publishers().contains(function)) {
            return;
        }
        if (recorded.metric().unit() == Metric.Unit.MILLISECONDS) {
            metrics.recordDuration(recorded.metric(), Duration.ofMillis(recorded.value()));
        } else if (recorded.metric().unit() == Metric.Unit.SECONDS) {
            metrics.recordDuration(recorded.metric(), Duration.ofSeconds(recorded.value()));
        } else if (recorded.metric().extraDimension() != null) {
            metrics.count(recorded.metric(), recorded.detail(), recorded.value() % 1_000);
        } else {
            metrics.count(recorded.metric(), recorded.value() % 1_000);
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
