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

/** Measures the recall and precision of insights on generated histories with known problems. */
public final class InsightsBenchmark implements Benchmark {
    private static final int SEEDS = 20;
    private static final Threshold THRESHOLD = Threshold.atLeast(0.9);

    @Override
    public String description() {
        return "The recall (fraction of the planted problems that is found) and precision (fraction of the found"
                + " problems that was planted) of each kind of problem, for the worst of " + SEEDS + " seeds. Each"
                + " seed generates a history of " + History.RUNS + " tasks with about 100,000 steps, which is written"
                + " to the database and processed by maintenance.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        Map<String, Double> worst = new TreeMap<>();
        try (PostgresServer server = PostgresServer.start();
                Database database =
                        Database.forMaintenance(new Settings(server.postgres().settings()))) {
            server.postgres().register(GeneratedRun.SENDER);
            for (int seed = 1; seed <= rounds.count(SEEDS); seed++) {
                server.postgres().deleteAllTasks();
                server.postgres().execute("TRUNCATE insights, task_digests, stale_instructions");
                for (Map.Entry<String, Score> score :
                        StoredHistory.scores(new History(seed), database).entrySet()) {
                    worst.merge(score.getKey() + ", recall", score.getValue().recall(), Math::min);
                    worst.merge(score.getKey() + ", precision", score.getValue().precision(), Math::min);
                }
            }
        }
        List<Measurement> measured = new ArrayList<>();
        worst.forEach((name, fraction) -> measured.add(new Measurement(name, "all", fraction, 1, "", THRESHOLD)));
        return measured;
    }
}
