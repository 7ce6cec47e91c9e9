package dev.steptrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFormatTest {
    @ParameterizedTest
    @CsvSource({"0,step,0 steps", "1,step,1 step", "2,step,2 steps", "1,success,1 success", "2,success,2 successes"})
    void count_usesPluralUnlessOne(long number, String noun, String expected) throws Exception {
        assertThat(TextFormat.count(number, noun)).isEqualTo(expected);
        assertThat(TextFormat.fill("{n:" + noun + "}", new ObjectMapper().readTree("{\"n\":" + number + "}"), 80))
                .isEqualTo(expected);
    }

    @Test
    void count_ofMissingValue_isDash() throws Exception {
        assertThat(TextFormat.fill("{n:failed run}", new ObjectMapper().readTree("{}"), 80))
                .isEqualTo("- failed runs");
    }

    /** On 1 November 2026 clocks in New York show 01:30 twice. */
    @ParameterizedTest
    @CsvSource({
        "2026-05-14T09:41:00.9Z, UTC, 2026-05-14T09:41:00Z",
        "2026-05-14T09:41:00Z, Asia/Shanghai, 2026-05-14T17:41:00+08:00",
        "2026-05-14T20:00:00Z, Asia/Kolkata, 2026-05-15T01:30:00+05:30",
        "2026-11-01T05:30:00Z, America/New_York, 2026-11-01T01:30:00-04:00",
        "2026-11-01T06:30:00Z, America/New_York, 2026-11-01T01:30:00-05:00"
    })
    void time_hasSecondsAndOffset(Instant time, ZoneId zone, String expected) {
        assertThat(TextFormat.time(time, zone)).isEqualTo(expected);
    }
}
