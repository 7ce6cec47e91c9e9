package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;
import static dev.steptrail.deployment.TemplateTree.list;
import static dev.steptrail.deployment.TemplateTree.map;

import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.Metric;
import dev.steptrail.aws.Metrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks that the functions' metrics, the alarms, the dashboard and the runbook match. */
final class ObservabilityCheck {
    private static final Pattern SECTION = Pattern.compile("^### (\\w+)$", Pattern.MULTILINE);

    private final TemplateTree template;
    private final String runbook;
    private final List<String> faults = new ArrayList<>();

    private ObservabilityCheck(TemplateTree template, String runbook) {
        this.template = template;
        this.runbook = runbook;
    }

    /** Returns one line for each mismatch. */
    static List<String> faults(TemplateTree template, String runbook) throws IOException {
        ObservabilityCheck check = new ObservabilityCheck(template, runbook);
        Map<String, Map<String, Object>> alarms = template.resources("AWS::CloudWatch::Alarm");
        alarms.forEach(check::alarm);
        check.metrics(alarms);
        check.sections(alarms.keySet());
        check.topic();
        return check.faults;
    }

    private void require(boolean satisfied, String fault) {
        if (!satisfied) {
            faults.add(fault);
        }
    }

    private void alarm(String name, Map<String, Object> alarm) {
        Object properties = at(alarm, "Properties");
        require(list(at(properties, "AlarmActions")).equals(List.of("!Ref Topic")), name + ": has no AlarmActions");
        require(list(at(properties, "OKActions")).equals(List.of("!Ref Topic")), name + ": has no OKActions");
        require(
                at(properties, "AlarmDescription").toString().endsWith("See " + name + " in infra/RUNBOOK.md"),
                name + ": does not name its section in the runbook");
        require(map(properties).containsKey("TreatMissingData"), name + ": has no TreatMissingData");
        require(!MetricReference.ofAlarm(alarm).isEmpty(), name + ": uses no metric");
    }

    private void metrics(Map<String, Map<String, Object>> alarms) throws IOException {
        List<MetricReference> references = new ArrayList<>();
        alarms.values().forEach(alarm -> references.addAll(MetricReference.ofAlarm(alarm)));
        for (String body : dashboards()) {
            references.addAll(MetricReference.ofDashboard(body));
        }
        references.stream()
                .filter(metric -> metric.namespace().equals(Metrics.NAMESPACE))
                .filter(metric -> !isWritten(metric))
                .forEach(metric -> faults.add("no function writes " + metric));
        Set<String> names = references.stream().map(MetricReference::name).collect(Collectors.toSet());
        for (Metric metric : Metric.values()) {
            require(names.contains(metric.cloudWatchName()), "no alarm or widget uses " + metric.cloudWatchName());
        }
    }

    private static boolean isWritten(MetricReference reference) {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.cloudWatchName().equals(reference.name()))
                .anyMatch(metric -> metric.publishers().stream()
                                .map(LambdaFunction::dimension)
                                .anyMatch(reference.dimensions().getOrDefault(Metrics.FUNCTION, "")::equals)
                        && (reference.dimensions().size() == 1
                                || reference.dimensions().keySet().equals(dimensions(metric))));
    }

    private static Set<String> dimensions(Metric metric) {
        Set<String> dimensions = new LinkedHashSet<>(List.of(Metrics.FUNCTION));
        if (metric.extraDimension() != null) {
            dimensions.add(metric.extraDimension());
        }
        return dimensions;
    }

    /** Returns the dashboard's body with and without the stack's database cluster. */
    private List<String> dashboards() {
        List<Object> body = list(at(template.root(), "Resources", "Dashboard", "Properties", "DashboardBody", "!Sub"));
        String text = (String) body.get(0);
        Object choice = list(at(body.get(1), "ClusterWidgets", "!If")).get(1);
        String widgets = choice.toString().substring("!Sub ".length());
        return List.of(text.replace("${ClusterWidgets}", widgets), text.replace("${ClusterWidgets}", "")).stream()
                .map(each -> each.replaceAll(": \\$\\{\\w+}", ": 1"))
                .toList();
    }

    private void sections(Set<String> alarms) {
        Set<String> sections = new LinkedHashSet<>();
        SECTION.matcher(runbook.substring(0, runbook.indexOf("\n## How to")))
                .results()
                .forEach(section -> sections.add(section.group(1)));
        alarms.stream()
                .filter(alarm -> !sections.contains(alarm))
                .forEach(alarm -> faults.add(alarm + ": has no section in the runbook"));
        sections.stream()
                .filter(section -> !alarms.contains(section))
                .forEach(section -> faults.add(section + ": has a section in the runbook but no alarm"));
    }

    private void topic() {
        require("!Ref KeyArn".equals(template.at("Topic", "Properties", "KmsMasterKeyId")), "Topic: is not encrypted");
        List<Map<String, Object>> statements = TemplateTree.statements(
                        template.at("TopicPolicy", "Properties", "PolicyDocument"))
                .toList();
        require(
                statements.stream()
                        .anyMatch(statement -> "Deny".equals(statement.get("Effect"))
                                && "false".equals(at(statement, "Condition", "Bool", "aws:SecureTransport"))),
                "Topic: allows messages without TLS");
        require(
                statements.stream()
                        .anyMatch(statement -> "cloudwatch.amazonaws.com".equals(at(statement, "Principal", "Service"))
                                && "!Ref AWS::AccountId"
                                        .equals(at(statement, "Condition", "StringEquals", "aws:SourceAccount"))),
                "Topic: allows alarms of other accounts");
    }
}
