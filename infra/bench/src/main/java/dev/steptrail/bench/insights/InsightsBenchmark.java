package dev.steptrail.bench.insights;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.database.PostgresServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much of what is planted in histories is found, and how much is found that was not. */
public final class InsightsBenchmark implements Benchmark {
    private static final int SEEDS = 20;
    private static final Measurement.Bar BAR = new Measurement.Bar.AtLeast(0.9);

    @Override
    public String name() {
        return "insights";
    }

    @Override
    public String description() {
        return "Histories of " + Size.USUAL.runs() + " runs and some " + Size.USUAL.steps() + " steps each, by " + SEEDS
                + " seeds, brought in through ingest and looked at by maintenance: of each kind the recall (of what is planted, what is found) and the "
                + "precision (of what is found, what is planted) of the worst of the seeds, beside all of it.";
    }

    @Override
    public List<Measurement> run() throws Exception {
        Map<String, List<Score>> scores = new TreeMap<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            of(seed).forEach((kind, score) ->
                    scores.computeIfAbsent(kind, name -> new ArrayList<>()).add(score));
        }
        List<Measurement> measured = new ArrayList<>();
        scores.forEach((kind, all) -> {
            measured.add(row(
                    kind + ", recall",
                    all.stream().mapToDouble(Score::recall).min().orElse(0)));
            measured.add(row(
                    kind + ", precision",
                    all.stream().mapToDouble(Score::precision).min().orElse(0)));
        });
        return measured;
    }

    private static Map<String, Score> of(long seed) throws IOException {
        History history = History.of(seed, Size.USUAL);
        try (PostgresServer server = PostgresServer.start();
                BroughtIn broughtIn = BroughtIn.of(history, server.postgres())) {
            FoundInRuns inRuns = new FoundInRuns();
            history.runs().forEach(run -> inRuns.add(run.taskId(), broughtIn.report(run.taskId())));
            return new Judge(history.planted(), inRuns, broughtIn.insights()).scores();
        }
    }

    private static Measurement row(String name, double share) {
        return new Measurement(name, "all", share, 1, "", BAR);
    }
}
