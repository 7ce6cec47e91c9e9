package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TimeFormattingTest {
    @Property
    void formatTime_anyTime_equalsInstantToString(
            @ForAll @LongRange(min = -100_000_000_000L, max = 300_000_000_000L) long second,
            @ForAll @IntRange(max = 999_999_999) int nano) {
        assertSame(Instant.ofEpochSecond(second, nano));
        assertSame(Instant.ofEpochSecond(second, nano / 1_000 * 1_000));
        assertSame(Instant.ofEpochSecond(second, nano / 1_000_000 * 1_000_000));
        assertSame(Instant.ofEpochSecond(second));
    }

    @Test
    void formatTime_boundaryTimes_equalsInstantToString() {
        for (String time : new String[] {
            "-0001-12-31T23:59:59.999999999Z",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00.000001Z",
            "1969-12-31T23:59:59.999Z",
            "2024-02-29T12:00:00.100Z",
            "9999-12-31T23:59:59.999999999Z",
            "+10000-01-01T00:00:00Z"
        }) {
            assertSame(Instant.parse(time));
        }
    }

    private static void assertSame(Instant time) {
        assertThat(RecordCodec.formatTime(time)).isEqualTo(time.toString());
    }
}
