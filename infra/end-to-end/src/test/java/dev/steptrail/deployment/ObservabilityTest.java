package dev.steptrail.deployment;

import static dev.steptrail.deployment.TemplateTree.at;
import static dev.steptrail.deployment.TemplateTree.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Alarms and dashboard use existing metrics, the runbook describes each alarm, and mismatches are detected. The alarms
 * of maintenance suit each schedule.
 */
class ObservabilityTest {
    private static final Path RUNBOOK = Path.of("../RUNBOOK.md");

    @Test
    void metricsAlarmsDashboardAndRunbook_match() throws IOException {
        assertThat(ObservabilityCheck.faults(ObservabilityCheck.read(), Files.readString(RUNBOOK)))
                .isEmpty();
    }

    @Test
    void runbook_namesTheAlarmsOfTheSmallProfile() throws IOException {
        String runbook = Files.readString(RUNBOOK);
        int start = runbook.indexOf("The profile `small` has the six alarms");
        Set<String> named = Pattern.compile("\\[(\\w+)]\\(#")
                .matcher(runbook.substring(start, runbook.indexOf("\n\n", start)))
                .results()
                .map(link -> link.group(1))
                .collect(Collectors.toSet());

        assertThat(named)
                .isEqualTo(
                        ObservabilityCheck.resolve(ObservabilityCheck.read(), ObservabilityCheck.SMALL, "rate(1 hour)")
                                .resources("AWS::CloudWatch::Alarm")
                                .keySet());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            MetricName: Rejected                      | MetricName: Refused                      | standard: no function publishes MetricReference[namespace=Steptrail, name=Refused
            Value: maintenance                        | Value: ingest                            | standard: no function publishes MetricReference[namespace=Steptrail, name=JobsFailed
            Function, Value: ingest }                 | Function, Value: api }                   | standard: no function publishes MetricReference[namespace=Steptrail, name=Rejected
            !If [Standard, { Name: Function           | !If [HasEmail, { Name: Function          | small: no function publishes MetricReference[namespace=Steptrail, name=Rejected
            Value: !Ref Stack                         | Value: other                             | standard: no function publishes MetricReference[namespace=Steptrail, name=Conflicts
            "Stack", "${Stack}", "Function", "api"    | "Function", "api"                        | standard: no function publishes MetricReference[namespace=Steptrail, name=Requests
            "StepsWritten", "Stack", "${Stack}", "Function", "ingest" | "StepsWritten", "Stack", "${Stack}", "Function", "api" | standard: no function publishes MetricReference[namespace=Steptrail, name=StepsWritten
            {Steptrail,Stack,Function,Reason}         | {Steptrail,Stack,Function,Job}           | standard: no function publishes MetricReference[namespace=Steptrail, name=Rejected
            "Steptrail", "QueueLag"                   | "Other", "Lag"                           | standard: no alarm or widget uses QueueLag
            MetricName: DatabaseConnectFailures       | MetricName: Errors                       | small: no alarm or widget uses DatabaseConnectFailures
            AlarmActions:                             | Actions:                                 | small: StepsDeadLetters: has no AlarmActions
            See ApiLatency                            | See Latency                              | standard: ApiLatency: does not name its section
            ApiThrottles:                             | ApiThrottled:                            | standard: ApiThrottled: has no section in the runbook
            MaintenanceMissing:                       | MaintenanceGone:                         | standard: MaintenanceMissing: has a section in the runbook but no alarm
            TreatMissingData: breaching               | Unit: Count                              | small: MaintenanceMissing: has no TreatMissingData
            AlarmDescription: "Steps have             | AlarmName: "Steps have                   | small: StepsWait: has a name, which a second stack cannot use
            Condition: Standard                       | DeletionPolicy: Delete                   | small: has a dashboard
            KmsMasterKeyId: !If [HasKey               | KmsMasterKeyId: !If [HasEmail            | small: Topic: requires a key
            KmsMasterKeyId: !If                       | Other: !If                               | standard: Topic: is not encrypted
            aws:SecureTransport: "false"              | aws:SecureTransport: "true"              | small: Topic: allows messages without TLS
            aws:SourceAccount: !Ref AWS::AccountId    | aws:SourceAccount: "*"                   | small: Topic: allows alarms of other accounts
            """)
    void mismatch_isReported(String part, String replacement, String expected) throws IOException {
        String template = ObservabilityCheck.read();
        assertThat(template).contains(part);

        assertThat(ObservabilityCheck.faults(template.replace(part, replacement), Files.readString(RUNBOOK)))
                .anySatisfy(fault -> assertThat(fault).contains(expected));
    }

    /** The limits of PutMetricAlarm: a day, and seven days for periods of an hour or more. */
    @ParameterizedTest
    @MethodSource("rates")
    void alarms_areWithinTheLimitsOfCloudWatch(String rate) throws IOException {
        alarms(rate).forEach((name, alarm) -> {
            int period = period(alarm);
            assertThat(period * number(alarm, "EvaluationPeriods"))
                    .as(name)
                    .isLessThanOrEqualTo(period < 3600 ? 86_400 : 604_800);
        });
    }

    /** A run may start a minute late and take 15 minutes, so successes can be 16 minutes more than the rate apart. */
    @ParameterizedTest
    @MethodSource("rates")
    void maintenanceMissing_isSilentOnSchedule_andNoticesAMissingRun(String rate) throws IOException {
        Map<String, Object> alarm = alarms(rate).get("MaintenanceMissing");
        int period = period(alarm) / 60;
        int periods = number(alarm, "EvaluationPeriods");
        int minutes = minutes(rate);
        int evaluation = period * periods > 24 * 60 ? 60 : period; // the longest time between two evaluations

        List<Integer> onSchedule = IntStream.range(0, 40)
                .map(run -> run * minutes + (run % 2) * 16)
                .boxed()
                .toList();
        assertThat(IntStream.range(period * periods, 38 * minutes)
                        .filter(now -> allPeriodsAreEmpty(now, period, periods, onSchedule)))
                .isEmpty();

        for (int phase = 0; phase < evaluation; phase++) {
            int noticed = IntStream.iterate(phase, now -> now + evaluation)
                    .filter(now -> now > 0 && allPeriodsAreEmpty(now, period, periods, List.of(0)))
                    .findFirst()
                    .orElseThrow();
            assertThat(noticed).isLessThanOrEqualTo(2 * minutes + 60);
        }
    }

    /** Returns whether an alarm with these periods is raised, by the minutes of successful runs. */
    private static boolean allPeriodsAreEmpty(int now, int period, int periods, List<Integer> runs) {
        return runs.stream().noneMatch(run -> run < now && run >= now - period * periods);
    }

    @ParameterizedTest
    @MethodSource("rates")
    void alarmsOnTheResultsOfMaintenance_compareRuns(String rate) throws IOException {
        for (String name : List.of("MaintenanceFailed", "RetentionBehind")) {
            assertThat(period(alarms(rate).get(name))).as(name).isEqualTo(minutes(rate) * 60);
        }
    }

    static List<String> rates() throws IOException {
        List<String> rates = rates(TemplateTree.of(TemplateTree.MAIN));
        assertThat(rates).hasSize(4).isEqualTo(rates(TemplateTree.of(ObservabilityCheck.TEMPLATE)));
        return rates;
    }

    private static List<String> rates(TemplateTree template) {
        return list(at(template.root(), "Parameters", "MaintenanceRate", "AllowedValues")).stream()
                .map(Object::toString)
                .toList();
    }

    private static int minutes(String rate) {
        String[] parts = rate.replaceAll("rate\\((.+)\\)", "$1").split(" ");
        int value = Integer.parseInt(parts[0]);
        return (int)
                switch (parts[1].replaceAll("s$", "")) {
                    case "minute" -> value;
                    case "hour" -> Duration.ofHours(value).toMinutes();
                    case "day" -> Duration.ofDays(value).toMinutes();
                    default -> throw new IllegalArgumentException(rate);
                };
    }

    private static Map<String, Map<String, Object>> alarms(String rate) throws IOException {
        return ObservabilityCheck.resolve(ObservabilityCheck.read(), ObservabilityCheck.STANDARD, rate)
                .resources("AWS::CloudWatch::Alarm");
    }

    private static int number(Map<String, Object> alarm, String property) {
        return Integer.parseInt(at(alarm, "Properties", property).toString());
    }

    /** Returns the period in seconds of the alarm's metrics. */
    private static int period(Map<String, Object> alarm) {
        List<Object> metrics = new ArrayList<>(list(at(alarm, "Properties", "Metrics")));
        metrics.removeIf(metric -> at(metric, "MetricStat").equals(Map.of()));
        if (metrics.isEmpty()) {
            return number(alarm, "Period");
        }
        List<Object> periods = metrics.stream()
                .map(metric -> at(metric, "MetricStat", "Period"))
                .distinct()
                .toList();
        assertThat(periods).hasSize(1);
        return Integer.parseInt(periods.get(0).toString());
    }
}
