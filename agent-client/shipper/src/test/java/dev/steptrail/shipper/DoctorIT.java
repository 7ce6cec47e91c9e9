package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DoctorIT extends LocalAwsTestBase {
    private static final Duration HOUR = Duration.ofHours(1);

    private Map<String, Doctor.Finding> runChecks(Map<String, String> environment) {
        return new Doctor(environment)
                .runChecks(outbox.folder()).stream()
                        .collect(Collectors.toMap(Doctor.Finding::what, Function.identity()));
    }

    @Test
    void workingSetup_allChecksPass_andNoRecordIsSent() throws Exception {
        Map<String, Doctor.Finding> findings = runChecks(aws.environment());

        assertThat(findings)
                .containsOnlyKeys("settings", "credentials", "queue", "sender", "bucket", "clock", "disk", "encoder");
        assertThat(findings.values()).allMatch(Doctor.Finding::ok);
        assertThat(aws.records()).isEmpty();
    }

    @Test
    void missingOrWrongSetting_isNamed_andOtherChecksRun() {
        Map<String, Doctor.Finding> findings = runChecks(Map.of());

        assertThat(findings.get("settings").ok()).isFalse();
        assertThat(findings.get("settings").message()).startsWith("STEPTRAIL_QUEUE_URL is not set");
        assertThat(findings).containsKeys("disk", "encoder").doesNotContainKeys("queue", "bucket");

        assertThat(runChecks(aws.environment("STEPTRAIL_BUCKET", "missing-bucket"))
                        .get("bucket"))
                .isEqualTo(new Doctor.Finding(
                        "bucket", false, "STEPTRAIL_BUCKET: the bucket missing-bucket does not exist"));
        String queue = aws.environment().get("STEPTRAIL_QUEUE_URL") + "-missing";
        assertThat(runChecks(aws.environment("STEPTRAIL_QUEUE_URL", queue))
                        .get("queue")
                        .message())
                .isEqualTo("STEPTRAIL_QUEUE_URL: the queue " + queue + " does not exist");
    }

    @Test
    void wrongSecret_isReportedUnderCredentials_andClockIsChecked() {
        Map<String, Doctor.Finding> findings = runChecks(aws.environment("AWS_SECRET_ACCESS_KEY", "not-the-secret"));

        assertThat(findings.get("credentials").ok()).isFalse();
        assertThat(findings.get("credentials").message()).startsWith("AWS_SECRET_ACCESS_KEY does not match");
        assertThat(findings.get("bucket").ok()).isFalse();
        assertThat(findings.get("bucket").message()).isEqualTo("not checked: the credentials were rejected");
        assertThat(findings.get("clock").ok()).isTrue();
    }

    @Test
    void unreachableBucketOrQueue_isReported_andTheClockIsCheckedByTheOther() {
        Map<String, String> environment = new HashMap<>(aws.environment("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"));
        Map<String, Doctor.Finding> findings = runChecks(environment);

        assertThat(findings.get("bucket").message()).startsWith("S3 cannot be reached");
        assertThat(findings.get("credentials").ok()).isTrue();
        assertThat(findings.get("clock").ok()).isTrue();

        environment.put("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:1");
        Map<String, Doctor.Finding> nothing = runChecks(environment);
        for (String what : List.of("credentials", "queue", "bucket", "clock")) {
            assertThat(nothing.get(what).ok()).as(what).isFalse();
        }
        assertThat(nothing.get("clock").message()).startsWith("not checked: neither");
    }

    @Test
    void wrongClock_isReported() {
        Doctor.Finding clock = new Doctor(aws.environment(), Clock.offset(Clock.systemUTC(), HOUR))
                .runChecks(outbox.folder()).stream()
                        .filter(finding -> finding.what().equals("clock"))
                        .findFirst()
                        .orElseThrow();

        assertThat(clock.ok()).isFalse();
        assertThat(clock.message()).startsWith("off by 3");
    }
}
