package dev.steptrail.bench.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final History HISTORY = History.of(1, Size.USUAL);

    @Test
    void history_ofTheSameSeed_isTheSame() {
        History again = History.of(1, Size.USUAL);

        assertThat(again.planted()).isEqualTo(HISTORY.planted());
        assertThat(again.runs().limit(200).map(Run::records).toList())
                .isEqualTo(HISTORY.runs().limit(200).map(Run::records).toList());
    }

    @Test
    void history_ofAnotherSeed_isAnother() {
        History other = History.of(2, Size.USUAL);

        assertThat(other.planted()).isNotEqualTo(HISTORY.planted());
        assertThat(other.run(0).taskId()).isNotEqualTo(HISTORY.run(0).taskId());
    }

    @Test
    void run_doesNotDependOnThoseBefore_norOnHowOftenItIsAskedFor() {
        Run alone = History.of(1, Size.USUAL).run(1234);
        Run inTurn = HISTORY.runs().skip(1234).findFirst().orElseThrow();

        assertThat(alone.records()).isEqualTo(inTurn.records()).isEqualTo(alone.records());
        assertThat(alone.planted()).isEqualTo(inTurn.planted());
    }

    @Test
    void usualHistory_hasTwoThousandRuns_ofAHundredThousandSteps_inSixtyDays() {
        List<Run> runs = HISTORY.runs().toList();

        assertThat(runs).hasSize(2_000).extracting(Run::taskId).doesNotHaveDuplicates();
        assertThat(runs).isSortedAccordingTo(Comparator.comparing(Run::startedAt));
        assertThat(runs).allSatisfy(run -> assertThat(run.startedAt())
                .isBetween(History.BEGIN, History.BEGIN.plus(History.SPAN)));
        assertThat(steps(HISTORY)).isCloseTo(Size.USUAL.steps(), within(Size.USUAL.steps() / 10));
        assertThat(runs.stream().map(Run::description).distinct().count()).isBetween(60L, 100L);
        assertThat(runs.stream().filter(run -> run.group().screens() != null).count())
                .isBetween(800L, 1_200L);
    }

    @Test
    void largeHistory_hasTwentyTimesAsMuch() {
        History large = History.of(1, Size.LARGE);

        assertThat(large.runs().count()).isEqualTo(40_000);
        assertThat(steps(large)).isCloseTo(Size.LARGE.steps(), within(Size.LARGE.steps() / 10));
    }

    @Test
    void history_ofFewRuns_isRefused() {
        assertThatThrownBy(() -> new Size(1_999)).hasMessageContaining("2000");
    }

    @Test
    void history_atAnotherTime_hasTheSameRunsThen() {
        Instant begin = Instant.parse("2025-01-01T00:00:00Z");
        Run run = History.of(1, Size.USUAL, begin).run(0);

        assertThat(run.startedAt()).isBetween(begin, begin.plus(History.SPAN));
        assertThat(run.moves()).isEqualTo(HISTORY.run(0).moves());
    }

    @Test
    void usualPaths_have10To80Steps_andEndByFinishing() {
        assertThat(IntStream.range(0, 20).boxed().flatMap(seed -> groups(History.of(seed, Size.USUAL)).stream()))
                .allSatisfy(group -> {
                    List<Move> moves = group.path().moves();
                    assertThat(moves).hasSizeBetween(10, 80);
                    assertThat(moves.get(moves.size() - 1).action().name()).isEqualTo(PhoneAction.FINISH);
                    assertThat(group.path().otherWay().saved()).isZero();
                });
    }

    private static List<Group> groups(History history) {
        return history.runs().limit(500).map(Run::group).distinct().toList();
    }

    private static int steps(History history) {
        return history.runs().mapToInt(run -> run.moves().size()).sum();
    }
}
