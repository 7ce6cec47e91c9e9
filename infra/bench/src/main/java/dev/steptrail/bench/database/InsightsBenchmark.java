package dev.steptrail.bench.database;

import dev.steptrail.aws.Settings;
import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.insights.history.GeneratedRun;
import dev.steptrail.insights.history.History;
import dev.steptrail.insights.history.Scorer.Score;
import dev.steptrail.operations.StoredHistory;
import dev.steptrail.store.jdbc.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures the recall and precision of the insights on stored histories with planted problems. */
public final class InsightsBenchmark implements Benchmark {
    private static final int SEEDS = 20;
    private static final Threshold THRESHOLD = Threshold.atLeast(0.9);

    @Override
    public String description() {
        return "Histories of " + History.RUNS + " runs and some 100,000 steps each, of " + SEEDS
                + " seeds, written to the database and processed by maintenance: for each kind of problem the recall"
                + " (how much of what was planted is found) and the precision (how much of what is found was planted)"
                + " of the worst seed.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Map<String, Double> worst = new TreeMap<>();
        try (PostgresServer server = PostgresServer.start();
                Database database =
                        Database.forMaintenance(new Settings(server.postgres().settings()))) {
            server.postgres().register(GeneratedRun.SENDER);
            for (int seed = 1; seed <= rounds.count(SEEDS); seed++) {
                server.postgres().empty();
                server.postgres().execute("TRUNCATE insights, run_digests, stale_texts");
                for (Map.Entry<String, Score> score :
                        StoredHistory.scores(new History(seed), database).entrySet()) {
                    worst.merge(score.getKey() + ", recall", score.getValue().recall(), Math::min);
                    worst.merge(score.getKey() + ", precision", score.getValue().precision(), Math::min);
                }
            }
        }
        List<Measurement> measured = new ArrayList<>();
        worst.forEach((name, share) -> measured.add(new Measurement(name, "all", share, 1, "", THRESHOLD)));
        return measured;
    }
}
