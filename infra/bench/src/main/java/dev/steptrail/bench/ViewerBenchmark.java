package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Compares the speed of the page of a long run with that of a short run. */
public final class ViewerBenchmark implements Benchmark {
    private static final int ROUNDS = 7;
    private static final int LONG = 500;
    private static final int SHORT = 10;

    @Override
    public String description() {
        return "The page of a run of " + LONG + " steps with " + 2 * LONG
                + " screens of 1080x2400, no two alike, against that of a run of " + SHORT
                + " steps, in the same Chromium and local cloud, each visit in a new browser context. The first frame:"
                + " from navigation to a picture on the stage. Scrubbing: the slider moves from end to end, in the"
                + " short run to and fro, one step a frame, 499 of them: the 95th percentile of the browser's frame"
                + " times, and the percentage of moves after which another step's picture was shown.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        int steps = rounds.quick() ? 2 * SHORT : LONG;
        try (CloudServer cloud = CloudServer.start();
                Visits visits = new Visits(cloud)) {
            String longTask = RecordedRuns.record(steps, cloud);
            String shortTask = RecordedRuns.record(SHORT, cloud);
            List<Visits.Times> ofLong = new ArrayList<>();
            List<Visits.Times> ofShort = new ArrayList<>();
            for (int round = -1; round < rounds.count(ROUNDS); round++) { // the first warms up cloud and browser
                Visits.Times longs = visits.visit(longTask, steps);
                Visits.Times shorts = visits.visit(shortTask, SHORT);
                if (round >= 0) {
                    ofLong.add(longs);
                    ofShort.add(shorts);
                }
            }
            return List.of(
                    row("first frame", "ms", Visits.Times::firstFrame, ofLong, ofShort, Threshold.atMost(1.5)),
                    row("scrubbing, frame time p95", "ms", Visits.Times::frame, ofLong, ofShort, Threshold.atMost(1.5)),
                    row("scrubbing, moves shown", "%", Visits.Times::shown, ofLong, ofShort, Threshold.atLeast(0.5)));
        }
    }

    private static Measurement row(
            String name,
            String unit,
            ToDoubleFunction<Visits.Times> figure,
            List<Visits.Times> ofLong,
            List<Visits.Times> ofShort,
            Threshold threshold) {
        return new Measurement(
                name + ", " + LONG + " steps",
                SHORT + " steps",
                Measurement.median(ofLong.stream().mapToDouble(figure).toArray()),
                Measurement.median(ofShort.stream().mapToDouble(figure).toArray()),
                unit,
                threshold);
    }
}
