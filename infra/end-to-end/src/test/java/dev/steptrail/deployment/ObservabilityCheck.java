package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;
import static dev.steptrail.deployment.TemplateTree.list;
import static dev.steptrail.deployment.TemplateTree.map;

import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.Metrics;
import dev.steptrail.localcloud.template.ResolvedTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks that the functions' metrics, the alarms and dashboard of both profiles, and the runbook match. */
final class ObservabilityCheck {
    static final Path TEMPLATE = Path.of("../observability.yaml");
    static final String SMALL = "small";
    static final String STANDARD = "standard";

    private static final String STACK = "trial";
    private static final Pattern SECTION = Pattern.compile("^### (\\w+)$", Pattern.MULTILINE);

    private final String profile;
    private final Set<Metric> published;
    private final ResolvedTemplate template;
    private final Map<String, Map<String, Object>> alarms;
    private final List<String> faults = new ArrayList<>();

    private ObservabilityCheck(String yaml, String profile) throws IOException {
        this.profile = profile;
        this.published = profile.equals(SMALL) ? publishedInSmall() : Set.of(Metric.values());
        this.template = resolve(yaml, profile, "rate(1 hour)");
        this.alarms = template.resources("AWS::CloudWatch::Alarm");
    }

    /** Returns one line for each mismatch. */
    static List<String> faults(String yaml, String runbook) throws IOException {
        List<String> faults = new ArrayList<>();
        for (String profile : List.of(SMALL, STANDARD)) {
            ObservabilityCheck check = new ObservabilityCheck(yaml, profile);
            check.alarms.forEach(check::alarm);
            check.metrics();
            check.topic();
            if (profile.equals(STANDARD)) {
                check.sections(runbook);
            } else {
                check.noDashboard();
            }
            check.faults.stream()
                    .distinct()
                    .map(fault -> profile + ": " + fault)
                    .forEach(faults::add);
        }
        return faults;
    }

    /** Returns the template as it is deployed. */
    static ResolvedTemplate resolve(String yaml, String profile, String maintenanceRate) {
        Map<String, String> parameters = new HashMap<>();
        map(TemplateTree.of(yaml).root().get("Parameters")).keySet().forEach(name -> parameters.put(name, name));
        parameters.putAll(Map.of("Profile", profile, "Stack", STACK, "MaintenanceRate", maintenanceRate));
        parameters.putAll(Map.of("ApiConcurrency", "40", "ApiConnections", "20", "IngestConcurrency", "10"));
        parameters.put("KeyArn", profile.equals(SMALL) ? "" : "key");
        return ResolvedTemplate.of(yaml, parameters);
    }

    /** Returns the metrics that the main template names in the functions' environment. */
    static Set<Metric> publishedInSmall() throws IOException {
        Object names = at(
                TemplateTree.of(TemplateTree.MAIN).root(),
                "Globals",
                "Function",
                "Environment",
                "Variables",
                "STEPTRAIL_METRICS",
                "!If");
        String listed = list(names).stream()
                .skip(1)
                .map(Object::toString)
                .filter(each -> !each.equals("all"))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(listed.split(",")).map(ObservabilityCheck::metric).collect(Collectors.toSet());
    }

    private static Metric metric(String name) {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.cloudWatchName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a metric: " + name));
    }

    private void require(boolean satisfied, String fault) {
        if (!satisfied) {
            faults.add(fault);
        }
    }

    private void alarm(String name, Map<String, Object> alarm) {
        Object properties = at(alarm, "Properties");
        require(list(at(properties, "AlarmActions")).equals(List.of("Topic")), name + ": has no AlarmActions");
        require(list(at(properties, "OKActions")).equals(List.of("Topic")), name + ": has no OKActions");
        require(
                at(properties, "AlarmDescription").toString().endsWith("See " + name + " in infra/RUNBOOK.md"),
                name + ": does not name its section in the runbook");
        require(map(properties).containsKey("TreatMissingData"), name + ": has no TreatMissingData");
        require(!map(properties).containsKey("AlarmName"), name + ": has a name, which a second stack cannot use");
        require(!MetricReference.ofAlarm(alarm).isEmpty(), name + ": uses no metric");
    }

    private void metrics() throws IOException {
        List<MetricReference> references = new ArrayList<>();
        alarms.values().forEach(alarm -> references.addAll(MetricReference.ofAlarm(alarm)));
        for (Map<String, Object> dashboard :
                template.resources("AWS::CloudWatch::Dashboard").values()) {
            references.addAll(MetricReference.ofDashboard(
                    at(dashboard, "Properties", "DashboardBody").toString()));
        }
        references.stream()
                .filter(reference -> reference.namespace().equals(Metrics.NAMESPACE))
                .filter(reference -> !isPublished(reference))
                .forEach(reference -> faults.add("no function publishes " + reference));
        Set<String> names = references.stream().map(MetricReference::name).collect(Collectors.toSet());
        for (Metric metric : published) {
            require(names.contains(metric.cloudWatchName()), "no alarm or widget uses " + metric.cloudWatchName());
        }
    }

    private boolean isPublished(MetricReference reference) {
        return published.stream()
                .filter(metric -> metric.cloudWatchName().equals(reference.name()))
                .anyMatch(metric -> STACK.equals(reference.dimensions().get(Metrics.STACK))
                        && (profile.equals(SMALL)
                                ? reference.dimensions().size() == 1
                                : isPublishedByFunction(metric, reference.dimensions())));
    }

    private static boolean isPublishedByFunction(Metric metric, Map<String, String> dimensions) {
        Set<String> names = new LinkedHashSet<>(List.of(Metrics.STACK, Metrics.FUNCTION));
        if (dimensions.size() > 2 && metric.extraDimension() != null) {
            names.add(metric.extraDimension());
        }
        return dimensions.keySet().equals(names)
                && metric.publishers().stream()
                        .map(LambdaFunction::dimension)
                        .anyMatch(dimensions.get(Metrics.FUNCTION)::equals);
    }

    /** A dashboard costs $3 a month. */
    private void noDashboard() {
        require(template.resources("AWS::CloudWatch::Dashboard").isEmpty(), "has a dashboard");
        require(!template.outputs().containsKey("DashboardName"), "has the name of a dashboard as output");
    }

    private void sections(String runbook) {
        Set<String> sections = new LinkedHashSet<>();
        SECTION.matcher(runbook.substring(0, runbook.indexOf("\n## How to")))
                .results()
                .forEach(section -> sections.add(section.group(1)));
        alarms.keySet().stream()
                .filter(alarm -> !sections.contains(alarm))
                .forEach(alarm -> faults.add(alarm + ": has no section in the runbook"));
        sections.stream()
                .filter(section -> !alarms.containsKey(section))
                .forEach(section -> faults.add(section + ": has a section in the runbook but no alarm"));
    }

    private void topic() {
        Map<String, Object> properties = map(at(template.resources().get("Topic"), "Properties"));
        if (profile.equals(STANDARD)) {
            require("key".equals(properties.get("KmsMasterKeyId")), "Topic: is not encrypted");
        } else {
            require(
                    !properties.containsKey("KmsMasterKeyId"),
                    "Topic: requires a key, which the profile does not have");
        }
        List<Map<String, Object>> statements = TemplateTree.statements(
                        at(template.resources().get("TopicPolicy"), "Properties", "PolicyDocument"))
                .toList();
        require(
                statements.stream()
                        .anyMatch(statement -> "Deny".equals(statement.get("Effect"))
                                && "false".equals(at(statement, "Condition", "Bool", "aws:SecureTransport"))),
                "Topic: allows messages without TLS");
        require(
                statements.stream()
                        .anyMatch(statement -> "cloudwatch.amazonaws.com".equals(at(statement, "Principal", "Service"))
                                && "123456789012"
                                        .equals(at(statement, "Condition", "StringEquals", "aws:SourceAccount"))),
                "Topic: allows alarms of other accounts");
    }

    static String read() throws IOException {
        return Files.readString(TEMPLATE);
    }
}
