package dev.steptrail.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alarms and dashboard use existing metrics, the runbook describes each alarm, and mismatches are detected. */
class ObservabilityTest {
    private static final Path TEMPLATE = Path.of("../observability.yaml");
    private static final Path RUNBOOK = Path.of("../RUNBOOK.md");

    @Test
    void metricsAlarmsDashboardAndRunbook_match() throws IOException {
        assertThat(ObservabilityCheck.faults(TemplateTree.of(TEMPLATE), Files.readString(RUNBOOK)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            MetricName: Rejected                      | MetricName: Refused                      | no function writes MetricReference[namespace=Steptrail, name=Refused
            Value: maintenance                        | Value: ingest                            | no function writes MetricReference[namespace=Steptrail, name=JobsFailed
            "StepsWritten", "Function", "ingest"      | "StepsWritten", "Function", "api"        | no function writes MetricReference[namespace=Steptrail, name=StepsWritten
            {Steptrail,Function,Reason}               | {Steptrail,Function,Job}                 | no function writes MetricReference[namespace=Steptrail, name=Rejected
            "Steptrail", "QueueLag"                   | "Other", "Lag"                           | no alarm or widget uses QueueLag
            AlarmActions:                             | Actions:                                 | StepsDeadLetters: has no AlarmActions
            See ApiLatency                            | See Latency                              | ApiLatency: does not name its section
            ApiThrottles:                             | ApiThrottled:                            | ApiThrottled: has no section in the runbook
            MaintenanceMissing:                       | MaintenanceGone:                         | MaintenanceMissing: has a section in the runbook but no alarm
            TreatMissingData: breaching               | Unit: Count                              | MaintenanceMissing: has no TreatMissingData
            KmsMasterKeyId: !Ref KeyArn               | FifoTopic: false                         | Topic: is not encrypted
            aws:SecureTransport: "false"              | aws:SecureTransport: "true"              | Topic: allows messages without TLS
            aws:SourceAccount: !Ref AWS::AccountId    | aws:SourceAccount: "*"                   | Topic: allows alarms of other accounts
            """)
    void mismatch_isReported(String part, String replacement, String expected) throws IOException {
        String template = Files.readString(TEMPLATE);
        assertThat(template).contains(part);

        assertThat(ObservabilityCheck.faults(
                        TemplateTree.of(template.replace(part, replacement)), Files.readString(RUNBOOK)))
                .anySatisfy(fault -> assertThat(fault).contains(expected));
    }
}
