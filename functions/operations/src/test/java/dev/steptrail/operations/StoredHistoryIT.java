package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.Settings;
import dev.steptrail.insights.history.GeneratedRun;
import dev.steptrail.insights.history.History;
import dev.steptrail.insights.history.Scorer.Score;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Scores one history through the database. Twenty more are scored with the rules alone in insights. */
@Tag("nightly")
class StoredHistoryIT {
    private static final double MIN_SCORE = 0.9;

    @Test
    void insights_ofAStoredHistory_haveRecallAndPrecisionOfAtLeastNinetyPercent() {
        try (Database database =
                Database.forMaintenance(new Settings(TestDatabase.migrated().settings()))) {
            new AgentRepository(database).register(new Agent(GeneratedRun.SENDER, "alice", List.of()));

            Map<String, Score> scores = StoredHistory.scores(new History(1), database);

            assertThat(scores).hasSize(10).allSatisfy((kind, score) -> {
                assertThat(score.planted()).as(kind).isPositive();
                assertThat(score.recall()).as("recall of %s, %s", kind, score).isGreaterThanOrEqualTo(MIN_SCORE);
                assertThat(score.precision())
                        .as("precision of %s, %s", kind, score)
                        .isGreaterThanOrEqualTo(MIN_SCORE);
            });
        }
    }
}
