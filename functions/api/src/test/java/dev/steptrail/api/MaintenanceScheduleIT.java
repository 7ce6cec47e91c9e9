package dev.steptrail.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenanceScheduleIT extends ApiTestBase {
    @ParameterizedTest
    @CsvSource({"rate(15 minutes), 900", "rate(1 hour), 3600", "rate(6 hours), 21600", "rate(1 day), 86400"})
    void rate_isTheInterval(String rate, long seconds) {
        assertThat(schedule(rate).updatesOf("none")).isEqualTo(new MaintenanceSchedule.Updates(null, null, seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate(0 hours)", "cron(0 12 * * ? *)", "PT1H"})
    void otherText_isRejected(String rate) {
        assertThatThrownBy(() -> schedule(rate))
                .hasMessage("STEPTRAIL_MAINTENANCE_RATE: '" + rate + "' is not a rate expression, like rate(1 hour)");
    }

    private static MaintenanceSchedule schedule(String rate) {
        return MaintenanceSchedule.of(new Settings(Map.of("STEPTRAIL_MAINTENANCE_RATE", rate)), DATABASE.database());
    }
}
