package dev.steptrail.store.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class DurationSketchTest {
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
    void mergedSketches_haveTheQuantilesOfTheWhole_withinTheError(
            @ForAll @NotEmpty List<@From("millis") Long> all,
            @ForAll @IntRange(min = 1, max = 10) int parts,
            @ForAll long seed) {
        List<DurationSketch> sketches = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            sketches.add(new DurationSketch());
        }
        DurationSketch whole = new DurationSketch();
        Random random = new Random(seed);
        for (long millis : all) {
            sketches.get(random.nextInt(parts)).add(millis);
            whole.add(millis);
        }

        DurationSketch merged = new DurationSketch();
        sketches.forEach(part -> merged.merge(part.toBytes()));

        List<Long> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        for (double quantile : QUANTILES) {
            long exact = sorted.get(Math.max(0, (int) Math.ceil(quantile * sorted.size()) - 1));
            assertThat(merged.quantile(quantile)).isEqualTo(whole.quantile(quantile));
            assertThat((double) merged.quantile(quantile))
                    .isCloseTo(exact, within(exact * DurationSketch.RELATIVE_ERROR * 1.0001 + 0.5));
        }
    }

    @Test
    void p95OfTwoValues_isTheLarger() {
        DurationSketch sketch = new DurationSketch();
        sketch.add(100);
        sketch.add(0);

        assertThat(sketch.quantile(0.5)).isZero();
        assertThat((double) sketch.quantile(0.95)).isCloseTo(100, within(1.0));
    }

    @Test
    void emptySketch_hasNoPercentilesAndNoBytes() {
        DurationSketch sketch = new DurationSketch();
        sketch.merge(null);

        assertThat(sketch.quantile(0.5)).isNull();
        assertThat(sketch.toBytes()).isNull();
    }

    @Test
    void timesOfEveryLength_takeAFewBytesEach() {
        DurationSketch sketch = new DurationSketch();
        for (double millis = 1; millis < Long.MAX_VALUE; millis *= 1.001) {
            sketch.add((long) millis);
        }

        assertThat(sketch.toBytes()).hasSizeLessThan(18_000);
    }
}
