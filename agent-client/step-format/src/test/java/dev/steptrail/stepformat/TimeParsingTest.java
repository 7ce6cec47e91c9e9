package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TimeParsingTest {
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
                .as(TimeParsingTest::corrupt);
        return Arbitraries.oneOf(times, corrupted);
    }

    private static String corrupt(String time, int index, String replacement) {
        return index < time.length() ? time.substring(0, index) + replacement + time.substring(index + 1) : time;
    }
}
