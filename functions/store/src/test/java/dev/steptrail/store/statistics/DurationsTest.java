package dev.steptrail.store.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class DurationsTest {
    private static final double[] QUANTILES = {0, 0.25, 0.5, 0.95, 1};

    /** Durations of a step and of a task, and implausible ones. */
    @Provide
    Arbitrary<Long> millis() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(0, 20_000),
                Arbitraries.longs().between(0, Integer.MAX_VALUE),
                Arbitraries.longs().between(0, Long.MAX_VALUE));
    }

    @Property(tries = 300)
    void quantile_isWithinTheError(@ForAll @NotEmpty List<@From("millis") Long> all) {
        Durations durations = new Durations();
        durations.add(bytes(all));

        List<Long> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        for (double quantile : QUANTILES) {
            long exact = sorted.get(Math.max(0, (int) Math.ceil(quantile * sorted.size()) - 1));
            assertThat((double) durations.quantile(quantile))
                    .isCloseTo(exact, within(exact * Durations.RELATIVE_ERROR * 1.0001 + 0.5));
        }
    }

    @Test
    void quantile_below256_isExact() {
        for (long millis = 0; millis < 256; millis++) {
            Durations durations = new Durations();
            durations.add(bytes(List.of(millis)));

            assertThat(durations.quantile(0.5)).isEqualTo(millis);
        }
    }

    @Test
    void p95OfTwoValues_isTheLarger() {
        Durations durations = new Durations();
        durations.add(bytes(List.of(100L)));
        durations.add(bytes(List.of(0L)));

        assertThat(durations.quantile(0.5)).isZero();
        assertThat((double) durations.quantile(0.95)).isCloseTo(100, within(1.0));
    }

    @Test
    void withoutValues_thereAreNoQuantiles() {
        Durations durations = new Durations();
        durations.add(new byte[0]);

        assertThat(durations.quantile(0.5)).isNull();
    }

    private static byte[] bytes(List<Long> millis) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * millis.size());
        millis.forEach(value -> buffer.putShort((short) (Float.floatToIntBits(value) >>> 16)));
        return buffer.array();
    }
}
