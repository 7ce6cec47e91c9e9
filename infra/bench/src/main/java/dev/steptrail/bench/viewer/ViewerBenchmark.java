package dev.steptrail.bench.viewer;

import static dev.steptrail.bench.Measurement.median;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.viewer.ViewerPages.ListVisit;
import dev.steptrail.bench.viewer.ViewerPages.TaskVisit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Compares the viewer's pages with Playwright's trace viewer, with a short task and with their images alone. */
public final class ViewerBenchmark implements Benchmark {
    private static final int ROUNDS = 15;
    private static final int LONG_STEPS = 500;
    private static final int SHORT_STEPS = 10;
    private static final int LISTED_TASKS = 50;

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        int steps = rounds.quick() ? 2 * SHORT_STEPS : LONG_STEPS;
        try (CloudServer cloud = CloudServer.start();
                Chromium chromium = new Chromium()) {
            String longTask = RecordedTasks.record(1, steps, cloud).get(0);
            String shortTask = RecordedTasks.record(1, SHORT_STEPS, cloud).get(0);
            RecordedTasks.record(LISTED_TASKS, 1, cloud);
            try (TraceViewer traceViewer = recordTrace(longTask, chromium, cloud)) {
                ViewerPages pages = new ViewerPages(chromium, cloud);
                List<Round> measured = new ArrayList<>();
                for (int round = -1; round < rounds.count(ROUNDS); round++) { // the first round is a warm-up
                    ListVisit list = pages.list(LISTED_TASKS);
                    Round result = new Round(
                            pages.scrub(longTask, steps / 2, steps),
                            pages.screenshot(shortTask, SHORT_STEPS / 2),
                            traceViewer.lastScreen(),
                            list,
                            traceViewer.imagesAlone(list.images()));
                    if (round >= 0) {
                        measured.add(result);
                    }
                }
                return rows(measured);
            }
        }
    }

    private static TraceViewer recordTrace(String task, Chromium chromium, CloudServer cloud) throws Exception {
        Path folder = Files.createDirectory(cloud.folder().resolve("trace-" + task));
        TraceViewer traceViewer = new TraceViewer(chromium, folder, RecordedTasks.storedScreens(task, cloud));
        traceViewer.recordTrace();
        return traceViewer;
    }

    private record Round(TaskVisit task, double shortTask, double traceViewer, ListVisit list, double imagesAlone) {
        double screenshot() {
            return task.screenshot();
        }
    }

    private static List<Measurement> rows(List<Round> rounds) {
        String trace = "Playwright's trace viewer, 500 actions";
        return List.of(
                row("first picture, 500 steps", Round::screenshot, trace, Round::traceViewer, 0.4, rounds),
                row("first picture, 500 steps", Round::screenshot, "10 steps", Round::shortTask, 1.4, rounds),
                limited(
                        "requests before the first picture",
                        round -> round.task().requests(),
                        8,
                        "",
                        rounds),
                limited("scrubbing, frame time p95", round -> round.task().frameP95(), 17, "ms", rounds),
                new Measurement(
                        "scrubbing, moves shown within two frames",
                        "all moves",
                        medianOf(rounds, round -> round.task().shownPercent()),
                        100,
                        "%",
                        Threshold.atLeast(0.9)),
                limited("memory after scrubbing", round -> round.task().mebibytes(), 250, "MB", rounds),
                limited("layout shift, task", round -> round.task().layoutShift(), 0.02, "", rounds),
                row(
                        "list of 50 tasks",
                        round -> round.list().complete(),
                        "its images alone",
                        Round::imagesAlone,
                        1.2,
                        rounds),
                limited("layout shift, list", round -> round.list().layoutShift(), 0.02, "", rounds));
    }

    private static Measurement row(
            String name,
            ToDoubleFunction<Round> value,
            String baseline,
            ToDoubleFunction<Round> baselineValue,
            double factor,
            List<Round> rounds) {
        return new Measurement(
                name,
                baseline,
                medianOf(rounds, value),
                medianOf(rounds, baselineValue),
                "ms",
                Threshold.atMost(factor));
    }

    private static Measurement limited(
            String name, ToDoubleFunction<Round> value, double limit, String unit, List<Round> rounds) {
        return new Measurement(name, "limit", medianOf(rounds, value), limit, unit, Threshold.atMost(1.0));
    }

    private static double medianOf(List<Round> rounds, ToDoubleFunction<Round> value) {
        return median(rounds.stream().mapToDouble(value).toArray());
    }
}
