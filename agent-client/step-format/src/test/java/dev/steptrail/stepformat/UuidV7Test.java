package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class UuidV7Test {
    private static final long LAST = (1L << 48) - 1;

    @Test
    void of_exampleOfRfc9562_matches() {
        byte[] random = HexFormat.of().parseHex("0CC318C4DC0C0C07398F");

        assertThat(UuidV7.of(Instant.parse("2022-02-22T19:22:22Z"), random))
                .isEqualTo(UUID.fromString("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));
    }

    @Property
    void of_hasVersionVariantAndTime(
            @ForAll @LongRange(min = 0, max = LAST) long millis, @ForAll @Size(10) byte[] random) {
        UUID id = UuidV7.of(Instant.ofEpochMilli(millis), random);

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(millis);
        assertThat(UuidV7.of(Instant.ofEpochMilli(millis), random)).isEqualTo(id);
    }

    @Test
    void at_sameTime_idsDiffer() {
        Instant now = Instant.parse("2025-12-14T21:41:58.018Z");

        assertThat(Stream.generate(() -> UuidV7.at(now)).limit(10_000).collect(Collectors.toSet()))
                .hasSize(10_000)
                .allMatch(id -> id.version() == 7 && id.variant() == 2);
    }

    @Test
    void at_timeOutOfRange_isRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> UuidV7.at(Instant.ofEpochMilli(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> UuidV7.at(Instant.ofEpochMilli(LAST + 1)));
    }
}
