package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TimestampTest {
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

    /** The schema's pattern, restricted to valid months, days, hours and minutes. */
    private static final Pattern VALID_TIME = Pattern.compile(
            "2026-0[1-9]-0[1-9]T1[0-9]:[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-7]):[0-5][0-9])");

    @Property
    void parseTime_acceptsExactlyThePattern(@ForAll("almostTimes") String text) {
        assertThat(Fields.parseTime(text).isPresent())
                .isEqualTo(VALID_TIME.matcher(text).matches());
    }

    @Provide
    Arbitrary<String> almostTimes() {
        Arbitrary<String> times = Combinators.combine(
                        Arbitraries.of("2026-01-02T10:04", "2026-09-09T19:59"),
                        Arbitraries.of("", ":05", ":59.1", ":05.123456789", ":05.1234567890", ":05.", ".5"),
                        Arbitraries.of("", "Z", "+08:00", "-00:30", "+0800", "+08", "z"))
                .as((minute, second, zone) -> minute + second + zone);
        Arbitrary<String> corrupted = Combinators.combine(
                        times, Arbitraries.integers().between(0, 30), Arbitraries.of(":", "x", "٣", "", "++"))
                .as(TimestampTest::corrupt);
        return Arbitraries.oneOf(times, corrupted);
    }

    private static String corrupt(String time, int index, String replacement) {
        return index < time.length() ? time.substring(0, index) + replacement + time.substring(index + 1) : time;
    }
}
