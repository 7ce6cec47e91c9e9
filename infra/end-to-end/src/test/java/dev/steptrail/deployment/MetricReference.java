package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;
import static dev.steptrail.deployment.TemplateTree.list;
import static dev.steptrail.deployment.TemplateTree.map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A metric of an alarm or a dashboard. In a search expression, a dimension without a required value is empty. */
record MetricReference(String namespace, String name, Map<String, String> dimensions) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SEARCH =
            Pattern.compile("SEARCH\\('\\{([^,}]+),([^}]+)} MetricName=\"([^\"]+)\"(.*)', '\\w+', \\d+\\)");

    /** Returns the metrics of an alarm, including those in its metric math. */
    static List<MetricReference> ofAlarm(Map<String, Object> alarm) {
        Object properties = at(alarm, "Properties");
        List<MetricReference> watched = new ArrayList<>();
        if (map(properties).containsKey("MetricName")) {
            watched.add(of(properties));
        }
        for (Object metric : list(at(properties, "Metrics"))) {
            if (map(metric).containsKey("MetricStat")) {
                watched.add(of(at(metric, "MetricStat", "Metric")));
            }
        }
        return watched;
    }

    private static MetricReference of(Object metric) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        for (Object dimension : list(at(metric, "Dimensions"))) {
            dimensions.put((String) at(dimension, "Name"), (String) at(dimension, "Value"));
        }
        return new MetricReference((String) at(metric, "Namespace"), (String) at(metric, "MetricName"), dimensions);
    }

    /** Returns the metrics of a dashboard's body, with its parameters unresolved. */
    static List<MetricReference> ofDashboard(String body) throws IOException {
        List<MetricReference> watched = new ArrayList<>();
        for (JsonNode widget : JSON.readTree(body).get("widgets")) {
            for (JsonNode metric : widget.path("properties").path("metrics")) {
                if (metric.get(0).isTextual()) {
                    Map<String, String> dimensions = new LinkedHashMap<>();
                    for (int i = 2; i + 1 < metric.size() && metric.get(i).isTextual(); i += 2) {
                        dimensions.put(metric.get(i).asText(), metric.get(i + 1).asText());
                    }
                    watched.add(new MetricReference(
                            metric.get(0).asText(), metric.get(1).asText(), dimensions));
                } else if (metric.get(0).path("expression").asText().startsWith("SEARCH")) {
                    watched.add(ofSearch(metric.get(0).get("expression").asText()));
                }
            }
        }
        return watched;
    }

    private static MetricReference ofSearch(String expression) {
        Matcher search = SEARCH.matcher(expression);
        if (!search.matches()) {
            throw new IllegalArgumentException("not a SEARCH expression: " + expression);
        }
        Map<String, String> dimensions = new LinkedHashMap<>();
        for (String dimension : search.group(2).split(",", -1)) {
            Matcher value = Pattern.compile(" " + dimension + "=\"([^\"]+)\"").matcher(search.group(4));
            dimensions.put(dimension, value.find() ? value.group(1) : "");
        }
        return new MetricReference(search.group(1), search.group(3), dimensions);
    }
}
