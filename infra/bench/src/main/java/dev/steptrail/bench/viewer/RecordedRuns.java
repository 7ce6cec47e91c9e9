package dev.steptrail.bench.viewer;

import dev.steptrail.bench.DistinctScreens;
import dev.steptrail.bench.Jvm;
import dev.steptrail.localcloud.LocalCloud;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A local cloud in a process of its own, with runs that were recorded and shipped to it. */
final class RecordedRuns implements AutoCloseable {
    private static final Duration FLUSH = Duration.ofMinutes(1);
    private static final Duration ARRIVAL = Duration.ofMinutes(2);

    private final Path folder;
    private final Jvm cloud;
    private final Map<String, String> environment;
    private final Map<Integer, String> tasks = new HashMap<>();

    private RecordedRuns(Path folder, Jvm cloud, Map<String, String> environment) {
        this.folder = folder;
        this.cloud = cloud;
        this.environment = environment;
    }

    /** A run for each of these numbers of steps, each step with a screen before and one after. */
    static RecordedRuns of(int... numbers) throws Exception {
        Path folder = Files.createTempDirectory("bench-viewer");
        Path data = folder.resolve("data");
        List<String> arguments = List.of("--data", data.toString(), "--template", "sam-template.yaml");
        Jvm cloud = new Jvm(LocalCloud.class, Jvm.everything(), Map.of(), List.of(), arguments);
        cloud.await("ready");
        RecordedRuns runs = new RecordedRuns(folder, cloud, environment(data.resolve("local.env")));
        try {
            for (int steps : numbers) {
                runs.record(steps);
            }
            return runs;
        } catch (Exception e) {
            runs.close();
            throw e;
        }
    }

    /** Of {@code KEY='value'} lines. */
    private static Map<String, String> environment(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].replaceAll("^'|'$", "")));
    }

    /** What the cloud's local.env tells. */
    Map<String, String> environment() {
        return environment;
    }

    String task(int steps) {
        String task = tasks.get(steps);
        if (task == null) {
            throw new IllegalArgumentException("no run has " + steps + " steps");
        }
        return task;
    }

    private void record(int steps) throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("screens-" + steps));
        List<Path> screens = DistinctScreens.in(pictures, 2 * steps);
        Path outboxFolder = folder.resolve("outbox-" + steps);
        try (StepTracker tracker =
                        StepTracker.builder(outboxFolder).agent("bench").shipping(false).build();
                TrackedTask task = tracker.startTask(steps + " steps")) {
            tasks.put(steps, task.id().toString());
            for (int step = 0; step < steps; step++) {
                task.record(StepData.action(Map.of("action", "Tap", "element", List.of(499, 842)))
                        .thinking(
                                "The slider is half way to the right. To turn the volume up I tap near its right end.")
                        .duration(Duration.ofMillis(3120))
                        .frame(FrameRole.BEFORE, Files.readAllBytes(screens.get(2 * step)), false)
                        .frame(FrameRole.AFTER, Files.readAllBytes(screens.get(2 * step + 1)), false)
                        .succeeded()
                        .build());
                if (!tracker.flush(FLUSH)) {
                    throw new IOException("the tracker did not write its outbox in time");
                }
            }
            task.succeeded("done");
        }
        DistinctScreens.remove(pictures);
        try (Shipper shipper = Shipper.open(Outbox.in(outboxFolder), ShipperSettings.from(environment))
                .orElseThrow(() -> new IOException("another process ships " + outboxFolder))) {
            shipper.shipAll();
            if (shipper.counts().screenshots() != 2L * steps) {
                throw new IOException("of " + 2 * steps + " screens were shipped "
                        + shipper.counts().screenshots());
            }
        }
        awaitArrival(task(steps), steps);
    }

    private void awaitArrival(String task, int steps) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(environment.get("STEPTRAIL_API") + "/api/tasks/" + task))
                .header("Authorization", "Bearer " + environment.get("STEPTRAIL_TOKEN"))
                .build();
        HttpClient http = HttpClient.newHttpClient();
        long deadline = System.nanoTime() + ARRIVAL.toNanos();
        while (!isComplete(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body(), steps)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the " + steps + " steps did not arrive in time");
            }
            Thread.sleep(200);
        }
    }

    private static boolean isComplete(String task, int steps) {
        return task.contains("\"total_steps\":" + steps + ",") && task.contains("\"status\":\"succeeded\"");
    }

    /** Stops the cloud, and removes all that was stored. */
    @Override
    public void close() throws IOException {
        cloud.close();
        DistinctScreens.remove(folder);
    }
}
