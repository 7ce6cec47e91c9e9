package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.insights.history.History;
import dev.steptrail.insights.history.Scorer;
import dev.steptrail.insights.history.Scorer.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs all rules on generated histories in memory, and compares the results with the planted problems. */
@Tag("slow")
class RuleScoresTest {
    private static final int SEEDS = Integer.getInteger("steptrail.histories", 3);
    private static final double MIN_SCORE = 0.9;

    @Test
    void rules_onGeneratedHistories_haveRecallAndPrecisionOfAtLeastNinetyPercent() {
        List<Map<String, Score>> scores = LongStream.rangeClosed(1, SEEDS)
                .parallel()
                .mapToObj(RuleScoresTest::scores)
                .toList();

        assertThat(scores)
                .hasSize(SEEDS)
                .allSatisfy(ofSeed -> assertThat(ofSeed).hasSize(10).allSatisfy((kind, score) -> {
                    assertThat(score.planted()).as(kind).isPositive();
                    assertThat(score.recall())
                            .as("recall of %s, %s", kind, score)
                            .isGreaterThanOrEqualTo(MIN_SCORE);
                    assertThat(score.precision())
                            .as("precision of %s, %s", kind, score)
                            .isGreaterThanOrEqualTo(MIN_SCORE);
                }));
    }

    private static Map<String, Score> scores(long seed) {
        History history = new History(seed);
        Scorer scorer = new Scorer(history);
        Map<String, List<TaskDigest>> byText = new TreeMap<>();
        Map<String, List<UUID>> byError = new TreeMap<>();
        history.runs().forEach(run -> {
            RecordedRun recorded = RecordedRun.of(run);
            applyRunRules(run.taskId(), recorded.steps(), scorer);
            TaskDigest digest = recorded.digest();
            byText.computeIfAbsent(digest.instruction(), text -> new ArrayList<>())
                    .add(digest);
            if (digest.isFailure() && digest.error() != null) {
                byError.computeIfAbsent(digest.error(), error -> new ArrayList<>())
                        .add(run.taskId());
            }
        });
        byText.forEach((text, runs) -> InstructionRules.evaluate(runs).forEach(insight -> add(text, insight, scorer)));
        byError.values().stream()
                .filter(runs -> runs.size() > 1)
                .forEach(runs -> scorer.addToRuns("similar_failures", "", runs, List.of(), Map.of()));
        return scorer.scores();
    }

    private static void applyRunRules(UUID taskId, List<TaskStep> steps, Scorer scorer) {
        TaskRules rules = new TaskRules();
        steps.forEach(rules::add);
        rules.findings()
                .forEach(finding -> scorer.addToRun(taskId, finding.kind(), finding.steps(), finding.figures()));
        rules.suggestions()
                .forEach(suggestion ->
                        scorer.addToRun(taskId, suggestion.kind(), suggestion.steps(), suggestion.figures()));
    }

    private static void add(String text, Insight insight, Scorer scorer) {
        List<String> steps = insight.steps().stream()
                .map(step -> step.taskId() + "." + step.stepNumber())
                .toList();
        scorer.addToRuns(insight.kind(), text, insight.tasks(), steps, insight.figures());
    }
}
