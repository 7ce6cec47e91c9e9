package dev.steptrail.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alarms and dashboard use existing metrics, the runbook describes each alarm, and mismatches are detected. */
class WatchTest {
    private static final Path TEMPLATE = Path.of("../observability.yaml");
    private static final Path RUNBOOK = Path.of("../RUNBOOK.md");

    @Test
    void metricsAlarmsDashboardAndRunbook_match() throws IOException {
        assertThat(Watch.faults(TemplateTree.of(TEMPLATE), Files.readString(RUNBOOK)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            MetricName: Rejected                      | MetricName: Refused                      | no function writes WatchedMetric[namespace=Steptrail, name=Refused
            Value: maintenance                        | Value: ingest                            | no function writes WatchedMetric[namespace=Steptrail, name=JobsFailed
            "StepsWritten", "Function", "ingest"      | "StepsWritten", "Function", "api"        | no function writes WatchedMetric[namespace=Steptrail, name=StepsWritten
            {Steptrail,Function,Reason}               | {Steptrail,Function,Job}                 | no function writes WatchedMetric[namespace=Steptrail, name=Rejected
            "Steptrail", "QueueLag"                   | "Other", "Lag"                           | nobody looks at QueueLag
            AlarmActions:                             | Actions:                                 | StepsDeadLetters: tells nobody
            See ApiLatency                            | See Latency                              | ApiLatency: does not name its section
            ApiThrottles:                             | ApiThrottled:                            | ApiThrottled: has no section in the runbook
            MaintenanceMissing:                       | MaintenanceGone:                         | MaintenanceMissing: is a section without an alarm
            TreatMissingData: breaching               | Unit: Count                              | MaintenanceMissing: does not say what no data means
            KmsMasterKeyId: !Ref KeyArn               | FifoTopic: false                         | Topic: is not encrypted
            aws:SecureTransport: "false"              | aws:SecureTransport: "true"              | Topic: takes messages without TLS
            aws:SourceAccount: !Ref AWS::AccountId    | aws:SourceAccount: "*"                   | Topic: is not for alarms of this account
            """)
    void mismatch_isReported(String part, String otherwise, String told) throws IOException {
        String template = Files.readString(TEMPLATE);
        assertThat(template).contains(part);

        assertThat(Watch.faults(TemplateTree.of(template.replace(part, otherwise)), Files.readString(RUNBOOK)))
                .anySatisfy(fault -> assertThat(fault).contains(told));
    }
}
