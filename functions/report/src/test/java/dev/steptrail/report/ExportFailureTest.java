package dev.steptrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.report.ExportFailure.Reason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportFailureTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456789Z");

    @ParameterizedTest
    @EnumSource(Reason.class)
    void parse_returnsTheWrittenFailure(Reason reason) {
        ExportFailure failure = new ExportFailure(AT, reason);

        assertThat(ExportFailure.parse(failure.text())).contains(failure);
        assertThat(failure.text().length()).isLessThan(ExportFailure.MAX_BYTES);
    }

    @Test
    void isActive_untilItExpires() {
        ExportFailure failure = new ExportFailure(AT, Reason.ERROR);

        assertThat(failure.isActive(AT.minusNanos(1))).isFalse();
        assertThat(failure.isActive(AT)).isTrue();
        assertThat(failure.isActive(AT.plusSeconds(600).minusNanos(1))).isTrue();
        assertThat(failure.isActive(AT.plusSeconds(600))).isFalse();
        assertThat(failure.remaining(AT)).isEqualTo(Duration.ofMinutes(10));
        assertThat(failure.remaining(AT.plusSeconds(600))).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ERROR", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z NEVER", "now ERROR"})
    void parse_otherText_isEmpty(String text) {
        assertThat(ExportFailure.parse(text)).isEmpty();
    }
}
