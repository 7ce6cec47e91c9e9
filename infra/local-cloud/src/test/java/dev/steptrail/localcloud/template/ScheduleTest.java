package dev.steptrail.localcloud.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    /** The cron expressions are examples of EventBridge's documentation. 2026-11-25 is a Wednesday. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rate(1 hour)                        | 2026-11-25T03:07:30Z
            rate(5 minutes)                     | 2026-11-25T02:12:30Z
            rate(11 days)                       | 2026-12-06T02:07:30Z
            cron(0 10 * * ? *)                  | 2026-11-25T10:00:00Z
            cron(15 12 * * ? *)                 | 2026-11-25T12:15:00Z
            cron(0 18 ? * MON-FRI *)            | 2026-11-25T18:00:00Z
            cron(0 8 1 * ? *)                   | 2026-12-01T08:00:00Z
            cron(0/15 * * * ? *)                | 2026-11-25T02:15:00Z
            cron(0/10 * ? * MON-FRI *)          | 2026-11-25T02:10:00Z
            cron(0/5 8-17 ? * MON-FRI *)        | 2026-11-25T08:00:00Z
            cron(7 2 * * ? *)                   | 2026-11-26T02:07:00Z
            cron(0 0 ? * 1 *)                   | 2026-11-29T00:00:00Z
            cron(0 0 29 FEB ? *)                | 2028-02-29T00:00:00Z
            cron(59 23 31 12 ? 2099)            | 2099-12-31T23:59:00Z
            cron(0 8 L * ? *)                   | 2026-11-30T08:00:00Z
            cron(0 0 1 1 ? 1999)                | 9999-12-31T00:00:00Z
            """)
    void next_isTheFirstTimeAfter(String expression, String next) {
        Instant now = Instant.parse("2026-11-25T02:07:30Z");

        assertThat(Schedule.parse(expression).next(now)).isEqualTo(Instant.parse(next));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate(1 hours)",
                "rate(2 hour)",
                "rate(0 minutes)",
                "rate(1 week)",
                "cron(0 8 1 * * *)",
                "cron(0 8 ? * ? *)",
                "cron(60 8 1 * ? *)",
                "cron(0 8 1 * ?)",
                "cron(0/0 8 1 * ? *)",
                "at(2026-11-25T00:00:00)"
            })
    void unknownExpression_isRejected(String expression) {
        assertThatThrownBy(() -> Schedule.parse(expression)).isInstanceOf(TemplateException.class);
    }
}
