package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.ViewerSession.Visit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Compares the viewer's page of a long task with the page of a short task. */
public final class ViewerBenchmark implements Benchmark {
    private static final int ROUNDS = 7;
    private static final int LONG_STEPS = 500;
    private static final int SHORT_STEPS = 10;

    @Override
    public String description() {
        return "The page of a task with " + LONG_STEPS + " steps and " + 2 * LONG_STEPS + " distinct screens of"
                + " 1080x2400 pixels. The baseline is the page of a task with " + SHORT_STEPS + " steps. Both run in"
                + " the same Chromium and local cloud, and each visit uses a new browser context. First frame: the"
                + " time from navigation to the first screenshot in the player. Scrubbing: the slider moves 499"
                + " times, one step per browser frame (back and forth for the short task). The results are the 95th"
                + " percentile of the frame times, and the percentage of moves that displayed another screenshot.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        int steps = rounds.quick() ? 2 * SHORT_STEPS : LONG_STEPS;
        try (CloudServer cloud = CloudServer.start();
                ViewerSession session = new ViewerSession(cloud)) {
            String longTask = RecordedTasks.record(steps, cloud);
            String shortTask = RecordedTasks.record(SHORT_STEPS, cloud);
            List<Visit> longVisits = new ArrayList<>();
            List<Visit> shortVisits = new ArrayList<>();
            for (int round = -1; round < rounds.count(ROUNDS); round++) { // the first round is a warm-up
                Visit longVisit = session.visit(longTask, steps);
                Visit shortVisit = session.visit(shortTask, SHORT_STEPS);
                if (round >= 0) {
                    longVisits.add(longVisit);
                    shortVisits.add(shortVisit);
                }
            }
            Threshold max = Threshold.atMost(1.5);
            Threshold min = Threshold.atLeast(0.5);
            return List.of(
                    row("first frame", "ms", Visit::firstFrame, longVisits, shortVisits, max),
                    row("scrubbing, frame time p95", "ms", Visit::frameTimeP95, longVisits, shortVisits, max),
                    row("scrubbing, moves shown", "%", Visit::shownPercent, longVisits, shortVisits, min));
        }
    }

    private static Measurement row(
            String name,
            String unit,
            ToDoubleFunction<Visit> value,
            List<Visit> longVisits,
            List<Visit> shortVisits,
            Threshold threshold) {
        return new Measurement(
                name + ", " + LONG_STEPS + " steps",
                SHORT_STEPS + " steps",
                Measurement.median(longVisits.stream().mapToDouble(value).toArray()),
                Measurement.median(shortVisits.stream().mapToDouble(value).toArray()),
                unit,
                threshold);
    }
}
