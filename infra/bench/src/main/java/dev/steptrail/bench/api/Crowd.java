package dev.steptrail.bench.api;

import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import dev.steptrail.bench.api.Viewer.Seen;
import dev.steptrail.bench.database.TwoMillionSteps;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many who read at a time while ingest writes, beside one who has the API alone. */
final class Crowd {
    private static final int READERS = 50;
    private static final Duration ALONE = Duration.ofSeconds(10);
    private static final Duration TOGETHER = Duration.ofSeconds(30);
    private static final String WHO = ", " + READERS + " readers while ingest runs";

    private final RunningCloud cloud;
    private final ApiClient client;

    Crowd(RunningCloud cloud, ApiClient client) {
        this.cloud = cloud;
        this.client = client;
    }

    List<Measurement> measure() throws Exception {
        Seen alone = read(1, ALONE);
        try (Feed feed = Feed.start(cloud)) {
            Seen together = read(READERS, TOGETHER);
            long written = feed.written();
            long sent = feed.sent();
            feed.finish();
            together.errors().stream().distinct().limit(10).forEach(System.err::println);
            double answers = together.millis().size();
            double errors = together.errors().size();
            return List.of(
                    new Measurement("errors" + WHO, "answers", errors, answers, "", new Bar.AtMost(0)),
                    times("p50" + WHO, percentile(50, together), percentile(50, alone)),
                    times("p99" + WHO, percentile(99, together), percentile(99, alone)),
                    new Measurement("written meanwhile", "sent meanwhile", written, sent, "steps", new Bar.None()));
        }
    }

    private static Measurement times(String name, double together, double alone) {
        return new Measurement(name, "one reader alone", together, alone, "ms", new Bar.None());
    }

    private static double percentile(int percent, Seen seen) {
        List<Double> sorted = seen.millis().stream().sorted().toList();
        return sorted.get((sorted.size() - 1) * percent / 100);
    }

    /** Each reads what is theirs; some are the same user at several screens. */
    private Seen read(int readers, Duration duration) throws Exception {
        List<Callable<Seen>> viewers = new ArrayList<>();
        for (int i = 0; i < readers; i++) {
            Viewer viewer = new Viewer(client, cloud.tokens().of(TwoMillionSteps.owner(i)), i);
            viewers.add(() -> viewer.look(duration));
        }
        ExecutorService threads = Executors.newFixedThreadPool(readers);
        try {
            List<Seen> seen = new ArrayList<>();
            for (Future<Seen> future : threads.invokeAll(viewers)) {
                seen.add(future.get());
            }
            return Seen.of(seen);
        } finally {
            threads.shutdownNow();
        }
    }
}
