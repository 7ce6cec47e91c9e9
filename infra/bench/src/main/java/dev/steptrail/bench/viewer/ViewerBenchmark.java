package dev.steptrail.bench.viewer;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Bar;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Whether the page of a long run is as quick as that of a short one. */
public final class ViewerBenchmark implements Benchmark {
    private static final int ROUNDS = 7;
    private static final int LONG = 500;
    private static final int SHORT = 10;
    private static final Bar QUICK = new Bar.AtMost(1.5);
    private static final Bar SEEN = new Bar.AtLeast(0.5);

    @Override
    public String name() {
        return "viewer";
    }

    @Override
    public String description() {
        return "The page of a run of " + LONG + " steps with " + 2 * LONG
                + " screens of 1080x2400, no two alike, against that of one of "
                + SHORT
                + " steps, in the same Chromium and local cloud, each visit in a new context that has nothing stored. The first "
                + "frame: from the navigation to a picture on the stage. Scrubbing: the slider drawn from end to end, and to and fro in the short run, a step a "
                + "frame, 499 of them; the 95th percentile of the times from one frame of the browser to the next; and of a hundred of these moves those "
                + "after which another step's picture was on the stage, of which more is better.";
    }

    @Override
    public List<Measurement> run() throws Exception {
        try (RecordedRuns runs = RecordedRuns.of(LONG, SHORT);
                Visits visits = new Visits(runs.environment())) {
            List<Visits.Times> ofLong = new ArrayList<>();
            List<Visits.Times> ofShort = new ArrayList<>();
            for (int round = -1; round < ROUNDS; round++) { // the first is not counted: cloud and browser warm up
                Visits.Times longs = visits.visit(runs.task(LONG), LONG);
                Visits.Times shorts = visits.visit(runs.task(SHORT), SHORT);
                if (round >= 0) {
                    ofLong.add(longs);
                    ofShort.add(shorts);
                }
            }
            return List.of(
                    measured("first frame", ofLong, ofShort, Visits.Times::firstFrame, "ms", QUICK),
                    measured(
                            "scrubbing, 95th percentile of a frame",
                            ofLong,
                            ofShort,
                            Visits.Times::scrubbed,
                            "ms",
                            QUICK),
                    measured("scrubbing, moves seen of 100", ofLong, ofShort, Visits.Times::drawn, "", SEEN));
        }
    }

    private static Measurement measured(
            String name,
            List<Visits.Times> ofLong,
            List<Visits.Times> ofShort,
            ToDoubleFunction<Visits.Times> time,
            String unit,
            Bar bar) {
        return new Measurement(
                name + " of " + LONG + " steps",
                "of " + SHORT + " steps",
                Measurement.median(ofLong.stream().mapToDouble(time).toArray()),
                Measurement.median(ofShort.stream().mapToDouble(time).toArray()),
                unit,
                bar);
    }
}
