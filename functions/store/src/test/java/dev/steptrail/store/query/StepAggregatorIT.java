package dev.steptrail.store.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.StepRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class StepAggregatorIT {
    @Test
    void withoutSteps_allNumbersAreMissing() {
        StepAggregator figures = new StepAggregator();

        assertThat(figures.durations.durations()).isEqualTo(Durations.UNKNOWN);
        assertThat(figures.byType()).isEmpty();
        assertThat(figures.byAction()).isEmpty();
        assertThat(figures.missing(null)).isEmpty();
        assertThat(figures.missing(Integer.MAX_VALUE)).containsExactly(new StepRange(1, Integer.MAX_VALUE));
    }

    @Test
    void counts_areSortedByFrequencyThenName() {
        StepAggregator figures = new StepAggregator();
        figures.add(step(1, "error", "Tap", null));
        figures.add(step(2, "action", "Back", null));
        figures.add(step(3, "action", null, null));
        figures.add(step(4, "action", "Wait", null));
        figures.add(step(5, "action", "Wait", null));

        assertThat(figures.byType().toString()).isEqualTo("{action=4, error=1}");
        assertThat(figures.byAction().toString()).isEqualTo("{Wait=2, Back=1, Tap=1}");
    }

    @Test
    void lists_areLimitedTo1000() {
        StepAggregator figures = new StepAggregator();
        IntStream.rangeClosed(1, 1500)
                .forEach(number -> figures.add(step(2 * number, "type " + number, "a" + number, null)));

        assertThat(figures.byType()).hasSize(1000);
        assertThat(figures.byAction()).hasSize(1000);
        assertThat(figures.missing(null)).hasSize(1000).endsWith(new StepRange(1999, 1999));
    }

    @Test
    void gaps_areMeasuredFromTheEndOfAStepToTheStartOfTheNextNumber() {
        StepAggregator figures = new StepAggregator();
        figures.add(step(1, 10_000, 500L, 80));
        figures.add(step(2, 12_000, 700L, null));
        figures.add(step(3, 12_100, 200L, 120)); // starts before its predecessor ended
        figures.add(step(4, 13_000, null, null));
        figures.add(step(6, 20_000, 100L, null));

        assertThat(figures.gaps.durations()).isEqualTo(new Durations(1300L, 650.0, 650.0, 1235.0, 1300L));
        assertThat(figures.modelTimes.durations()).isEqualTo(new Durations(200L, 100.0, 100.0, 118.0, 120L));
    }

    @Test
    void stepsWithoutDuration_haveIntervals() {
        StepAggregator figures = new StepAggregator();
        figures.add(step(1, 10_000, null, null));
        figures.add(step(2, 14_000, null, null));
        figures.add(step(3, 13_000, null, null)); // the clock was set back
        figures.add(step(5, 60_000, null, null));

        assertThat(figures.intervals.durations()).isEqualTo(new Durations(4000L, 2000.0, 2000.0, 3800.0, 4000L));
        assertThat(figures.durations.durations()).isEqualTo(Durations.UNKNOWN);
        assertThat(figures.gaps.durations()).isEqualTo(Durations.UNKNOWN);
    }

    @Test
    void stepsWithoutAPause_haveNoGaps_howeverLongEachTook() {
        StepAggregator figures = new StepAggregator();
        long endedAt = 0;
        for (int number = 1; number <= 10; number++) {
            long duration = number % 2 == 0 ? 9000 : 1000;
            endedAt += duration;
            figures.add(step(number, endedAt, duration, null));
        }

        assertThat(figures.gaps.durations()).isEqualTo(new Durations(0L, 0.0, 0.0, 0.0, 0L));
    }

    private static StepMetrics step(int number, String type, String action, Long duration) {
        return new StepMetrics(number, type, action, null, null, 0, duration, null, false, null, false, false);
    }

    private static StepMetrics step(int number, long endedAt, Long duration, Integer modelMs) {
        return new StepMetrics(
                number, "action", null, null, null, endedAt, duration, modelMs, false, null, false, false);
    }

    @Property(tries = 300)
    void durations_equalThoseOfPostgres(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(min = 0, max = 1L << 50) Long> durations) {
        StepAggregator figures = new StepAggregator();
        for (Long duration : durations) {
            figures.add(step(1, "action", null, duration));
        }
        figures.add(step(1, "action", null, null));

        String postgres = Postgres.DATABASE.value("""
                SELECT concat_ws(' ', avg(d)::double precision,
                                      percentile_cont(0.50) WITHIN GROUP (ORDER BY d),
                                      percentile_cont(0.95) WITHIN GROUP (ORDER BY d),
                                      max(d))
                  FROM unnest('{%s}'::bigint[]) AS d
                """.formatted(
                        String.join(",", durations.stream().map(String::valueOf).toList())));

        List<Double> expected =
                List.of(postgres.split(" ")).stream().map(Double::valueOf).toList();
        Durations ours = figures.durations.durations();
        assertThat(ours.mean()).isCloseTo(expected.get(0), within(expected.get(0)));
        assertThat(ours.p50()).isCloseTo(expected.get(1), within(expected.get(1)));
        assertThat(ours.p95()).isCloseTo(expected.get(2), within(expected.get(2)));
        assertThat(ours.longest().doubleValue()).isEqualTo(expected.get(3));
    }

    private static Offset<Double> within(double value) {
        return Offset.offset(Math.abs(value) * 1e-9 + 1e-9);
    }

    @Property
    void missing_areTheNumbersWithoutAStep(
            @ForAll Set<@IntRange(min = 1, max = 300) Integer> numbers,
            @ForAll @IntRange(min = 1, max = 400) int last) {
        StepAggregator figures = new StepAggregator();
        new TreeSet<>(numbers).forEach(number -> figures.add(step(number, "action", null, null)));

        List<Integer> missing = new ArrayList<>();
        figures.missing(last).forEach(range -> IntStream.rangeClosed(range.first(), range.last())
                .forEach(missing::add));

        int highest = Math.max(last, numbers.stream().mapToInt(n -> n).max().orElse(0));
        TreeSet<Integer> all = new TreeSet<>(numbers);
        all.addAll(missing);
        assertThat(missing).isSorted().noneMatch(numbers::contains);
        assertThat(all)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, highest).boxed().toList());
    }

    private static final class Postgres {
        static final TestDatabase DATABASE = TestDatabase.empty();
    }
}
