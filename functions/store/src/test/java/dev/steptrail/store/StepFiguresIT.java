package dev.steptrail.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.TaskSummary.Durations;
import dev.steptrail.store.TaskSummary.StepRange;
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

class StepFiguresIT {
    @Test
    void withoutSteps_thereIsNothingToTell_butThatAllAreMissing() {
        StepFigures figures = new StepFigures();

        assertThat(figures.durations()).isEqualTo(new Durations(null, null, null, null));
        assertThat(figures.byType()).isEmpty();
        assertThat(figures.byAction()).isEmpty();
        assertThat(figures.missing(null)).isEmpty();
        assertThat(figures.missing(Integer.MAX_VALUE)).containsExactly(new StepRange(1, Integer.MAX_VALUE));
    }

    @Test
    void counts_beginWithTheMostFrequent_andThenTheAlphabetDecides() {
        StepFigures figures = new StepFigures();
        figures.add(1, "error", "Tap", null);
        figures.add(2, "action", "Back", null);
        figures.add(3, "action", null, null);
        figures.add(4, "action", "Wait", null);
        figures.add(5, "action", "Wait", null);

        assertThat(figures.byType().toString()).isEqualTo("{action=4, error=1}");
        assertThat(figures.byAction().toString()).isEqualTo("{Wait=2, Back=1, Tap=1}");
    }

    @Test
    void lists_endAtAThousand() {
        StepFigures figures = new StepFigures();
        IntStream.rangeClosed(1, 1500).forEach(number -> figures.add(2 * number, "type " + number, "a" + number, null));

        assertThat(figures.byType()).hasSize(1000);
        assertThat(figures.byAction()).hasSize(1000);
        assertThat(figures.missing(null)).hasSize(1000).endsWith(new StepRange(1999, 1999));
    }

    @Property(tries = 300)
    void durations_areAsPostgresHasThem(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(min = 0, max = 1L << 50) Long> durations) {
        StepFigures figures = new StepFigures();
        for (Long duration : durations) {
            figures.add(1, "action", null, duration);
        }
        figures.add(1, "action", null, null);

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
        Durations ours = figures.durations();
        assertThat(ours.mean()).isCloseTo(expected.get(0), within(expected.get(0)));
        assertThat(ours.p50()).isCloseTo(expected.get(1), within(expected.get(1)));
        assertThat(ours.p95()).isCloseTo(expected.get(2), within(expected.get(2)));
        assertThat(ours.longest().doubleValue()).isEqualTo(expected.get(3));
    }

    private static Offset<Double> within(double value) {
        return Offset.offset(Math.abs(value) * 1e-9 + 1e-9);
    }

    @Property
    void missing_areTheNumbersThatNobodyHas(
            @ForAll Set<@IntRange(min = 1, max = 300) Integer> numbers,
            @ForAll @IntRange(min = 1, max = 400) int last) {
        StepFigures figures = new StepFigures();
        numbers.forEach(number -> figures.add(number, "action", null, null));

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
