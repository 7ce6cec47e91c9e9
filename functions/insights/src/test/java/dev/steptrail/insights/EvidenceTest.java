package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class EvidenceTest {
    @Property(tries = 200)
    void add_countsAllSteps_andKeepsTheFirstThousandInOrder(@ForAll @IntRange(max = 1100) int count) {
        Evidence evidence = new Evidence();
        for (int i = 0; i < count; i++) {
            evidence.add(3 * i + 1);
        }

        assertThat(evidence.count()).isEqualTo(count);
        assertThat(evidence.steps())
                .isEqualTo(IntStream.range(0, count)
                        .limit(Finding.MAX_STEPS)
                        .mapToObj(i -> 3 * i + 1)
                        .toList());
    }
}
