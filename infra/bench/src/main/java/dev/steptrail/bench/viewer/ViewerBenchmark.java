package dev.steptrail.bench.viewer;

import static dev.steptrail.bench.Measurement.median;

import dev.steptrail.bench.Benchmark;
import dev.steptrail.bench.CloudServer;
import dev.steptrail.bench.Measurement;
import dev.steptrail.bench.Measurement.Threshold;
import dev.steptrail.bench.Rounds;
import dev.steptrail.bench.viewer.ViewerPages.ListVisit;
import dev.steptrail.bench.viewer.ViewerPages.TaskVisit;
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
    public String description() {
        return "Pages of 1366x768 pixels in one Chromium, each in a new browser context, with the local cloud. First"
                + " picture: the time from navigation to the page of a task, at the step in its middle, until this"
                + " step's screenshot (1080x2400 pixels) is decoded and drawn. The long task has 500 steps and 1,000"
                + " distinct screens. Playwright's trace viewer opens a trace.zip of 500 clicks, recorded by the same"
                + " Playwright with snapshots and screenshots, of a page that shows the same 1,000 WebP files; measured"
                + " is the time from navigation until the image in the snapshot of the last action, which it selects,"
                + " is decoded. Its files and the trace come from a server on the same machine that, as `show-trace`,"
                + " does not compress. Requests: until the first picture, without those for images. Scrubbing: one"
                + " second after the first picture and when all steps are loaded, the pressed mouse moves 100 times"
                + " over the whole timeline, once per frame. A move counts as shown if the stage shows its own step,"
                + " by thumbnail or screenshot, at the latest two frames later. Memory: the proportional set"
                + " size of the page's process after scrubbing. Layout shift: the sum of"
                + " all shifts from navigation on, with scrubbing. The list is complete when it shows 50 tasks and all"
                + " images that it requested are decoded; its baseline is a document with these images only.";
    }

    @Override
    public List<Measurement> run(Rounds rounds) throws Exception {
        int steps = rounds.quick() ? 2 * SHORT_STEPS : LONG_STEPS;
        try (CloudServer cloud = CloudServer.start();
                Chromium chromium = new Chromium()) {
            String longTask = RecordedTasks.record(1, steps, cloud).get(0);
            String shortTask = RecordedTasks.record(1, SHORT_STEPS, cloud).get(0);
            RecordedTasks.record(LISTED_TASKS, 1, cloud);
            try (TraceViewer traceViewer = new TraceViewer(chromium, RecordedTasks.storedScreens(longTask, cloud))) {
                traceViewer.recordTrace(cloud.folder().resolve("trace.zip"));
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

    private record Round(TaskVisit task, double shortTask, double traceViewer, ListVisit list, double imagesAlone) {}

    private static List<Measurement> rows(List<Round> rounds) {
        double firstPicture = medianOf(rounds, round -> round.task().screenshot());
        return List.of(
                new Measurement(
                        "first picture, 500 steps",
                        "Playwright's trace viewer, 500 actions",
                        firstPicture,
                        medianOf(rounds, Round::traceViewer),
                        "ms",
                        Threshold.atMost(1.0)),
                new Measurement(
                        "first picture, 500 steps",
                        "10 steps",
                        firstPicture,
                        medianOf(rounds, Round::shortTask),
                        "ms",
                        Threshold.atMost(1.4)),
                limited(
                        "requests before the first picture",
                        rounds,
                        round -> round.task().requests(),
                        8,
                        ""),
                new Measurement(
                        "scrubbing, frame time p95",
                        "frame of the display",
                        medianOf(rounds, round -> round.task().frameP95()),
                        medianOf(rounds, round -> round.task().displayFrame()),
                        "ms",
                        Threshold.atMost(1.0, 1)),
                new Measurement(
                        "scrubbing, moves shown within two frames",
                        "all moves",
                        medianOf(rounds, round -> round.task().shownPercent()),
                        100,
                        "%",
                        Threshold.atLeast(0.9)),
                limited("memory after scrubbing", rounds, round -> round.task().megabytes(), 250, "MB"),
                limited("layout shift, task", rounds, round -> round.task().layoutShift(), 0.02, ""),
                new Measurement(
                        "list of 50 tasks",
                        "its images alone",
                        medianOf(rounds, round -> round.list().complete()),
                        medianOf(rounds, Round::imagesAlone),
                        "ms",
                        Threshold.atMost(1.2)),
                limited("layout shift, list", rounds, round -> round.list().layoutShift(), 0.02, ""));
    }

    private static Measurement limited(
            String name, List<Round> rounds, ToDoubleFunction<Round> value, double limit, String unit) {
        return new Measurement(name, "limit", medianOf(rounds, value), limit, unit, Threshold.atMost(1.0));
    }

    private static double medianOf(List<Round> rounds, ToDoubleFunction<Round> value) {
        return median(rounds.stream().mapToDouble(value).toArray());
    }
}
