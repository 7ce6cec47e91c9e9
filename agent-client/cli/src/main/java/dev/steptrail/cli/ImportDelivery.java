package dev.steptrail.cli;

import dev.steptrail.cli.autoglm.ImportedTrace;
import dev.steptrail.shipper.ShipCounts;
import dev.steptrail.shipper.ShipException;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Ships what was imported, and names on standard error each file of which something could not be shipped. */
final class ImportDelivery {
    /** How often to look whether the shipper that is at work has delivered what was imported, or has gone. */
    private static final long LOOK_MILLIS = 500;

    private final Outbox outbox;
    private final LinePrinter out;
    private final LinePrinter err;
    private final Bar bar;
    private final Map<UUID, Path> files = new LinkedHashMap<>();
    private final Map<ImportedTrace, Path> traces = new LinkedHashMap<>();
    private final Set<UUID> incomplete = new HashSet<>();

    /** What shows how far it is. */
    @FunctionalInterface
    interface Bar {
        ProgressBar.Drawn start(List<OutboxTask> tasks, ShipCounts counts) throws IOException;
    }

    ImportDelivery(Outbox outbox, LinePrinter out, LinePrinter err, Bar bar) {
        this.bar = bar;
        this.outbox = outbox;
        this.out = out;
        this.err = err;
    }

    /** Adds the task that {@code file} became. */
    void add(ImportedTrace trace, Path file) {
        files.putIfAbsent(trace.taskId(), file);
        traces.put(trace, file);
    }

    /** Those that could be shipped whole, with their files. */
    Map<ImportedTrace, Path> delivered() {
        Map<ImportedTrace, Path> delivered = new LinkedHashMap<>(traces);
        delivered.keySet().removeIf(trace -> incomplete.contains(trace.taskId()));
        return delivered;
    }

    /**
     * Ships all tasks, or, while another process ships this outbox, waits until they are gone from it.
     *
     * @return whether all of each could be shipped
     */
    boolean ship(ShipperSettings settings) throws IOException, ShipException, InterruptedException {
        boolean told = false;
        while (files.keySet().stream().anyMatch(task -> outbox.task(task).isPresent())) {
            Optional<Shipper> opened = Shipper.open(outbox, settings);
            if (opened.isPresent()) {
                try (Shipper shipper = opened.get()) {
                    return shipEach(shipper);
                }
            }
            if (!told) {
                out.println("Another process ships " + outbox.folder() + "; waiting for it");
                told = true;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        boolean allGood = true;
        for (UUID task : files.keySet()) {
            allGood &= isWhole(task);
        }
        return allGood;
    }

    private boolean shipEach(Shipper shipper) throws IOException, ShipException {
        List<OutboxTask> tasks = files.keySet().stream()
                .flatMap(task -> outbox.task(task).stream())
                .toList();
        ProgressBar.Drawn drawn = bar.start(tasks, shipper.counts());
        boolean allGood;
        try {
            allGood = shipAll(shipper);
        } finally {
            drawn.close();
        }
        out.println(ShipCommand.told(shipper.counts()));
        return allGood;
    }

    private boolean shipAll(Shipper shipper) throws ShipException {
        boolean allGood = true;
        for (UUID task : files.keySet()) {
            long lostBefore = shipper.counts().lostScreenshots();
            try {
                shipper.ship(task);
                allGood &= isWhole(task);
            } catch (IOException e) {
                allGood = bad(task, "task " + task + " is not shipped: " + Steptrail.told(e));
            }
            long lost = shipper.counts().lostScreenshots() - lostBefore;
            if (lost > 0) {
                allGood = bad(task, "shipped without " + lost + " screenshots; their steps say why");
            }
        }
        return allGood;
    }

    private boolean isWhole(UUID task) throws IOException {
        if (outbox.task(task).isPresent()) {
            return bad(task, "task " + task + " is not shipped to its end, and is kept in " + outbox.folder());
        }
        RejectedRecords rejected = new RejectedRecords(outbox, task);
        List<String> missing = rejected.told();
        if (missing.isEmpty()) {
            return true;
        }
        String without = "shipped without " + String.join(", ", missing);
        return bad(task, without + ", too large and kept in " + rejected.file());
    }

    private boolean bad(UUID task, String problem) {
        incomplete.add(task);
        err.println("steptrail: " + files.get(task) + ": " + problem);
        return false;
    }
}
