package dev.steptrail.shipper.command;

import dev.steptrail.shipper.ShipException;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.shipper.autoglm.ImportedTrace;
import dev.steptrail.shipper.autoglm.TraceImporter;
import dev.steptrail.shipper.autoglm.TraceScreenshots;
import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code steptrail import}: brings recorded runs in and ships them. */
@Command(
        name = "import",
        description = {
            "Import runs that Open-AutoGLM's recorder wrote (JSON), and ship them.",
            "The same file is the same task: imported again with another zone or other pictures, what was stored first is"
                    + " kept, and the rest is counted as conflicts."
        })
final class ImportCommand extends OutboxCommand {
    /** How often to look whether the shipper that is at work has delivered what was imported, or has gone. */
    private static final long LOOK_MILLIS = 500;

    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description = "Recordings, or folders with them (*.json).")
    private List<Path> sources = List.of();

    @ArgGroup
    private Pictures pictures = new Pictures();

    @Option(
            names = "--zone",
            description = "In which zone times without one are meant, like Asia/Shanghai (default: this machine's).")
    private ZoneId zone = ZoneId.systemDefault();

    /** One of the two. */
    static final class Pictures {
        @Option(
                names = "--screenshot",
                paramLabel = "FILE",
                description = "One PNG to stand for the screen of every step.")
        private @Nullable Path file;

        @Option(
                names = "--screenshots",
                paramLabel = "DIR",
                description = "Where the screenshots lie that the recordings name (default: beside each recording).")
        private @Nullable Path folder;

        TraceScreenshots find() {
            if (file != null) {
                return TraceScreenshots.ofFile(file);
            }
            return folder != null ? TraceScreenshots.in(folder) : TraceScreenshots.besideTheTrace();
        }
    }

    @Override
    public Integer call() throws Exception {
        ShipperSettings settings = ShipperSettings.from(environment());
        Outbox outbox = openOutbox();
        TraceImporter importer = new TraceImporter(outbox, pictures.find(), zone);
        List<UUID> imported = new ArrayList<>();
        boolean allGood = true;
        for (Path source : sources) {
            allGood &= importFrom(source, importer, imported);
        }
        if (!imported.isEmpty()) {
            allGood &= ship(outbox, settings, imported);
        }
        return allGood ? 0 : 1;
    }

    /** Imports what can be, naming on standard error what cannot; whether all could. */
    private boolean importFrom(Path source, TraceImporter importer, List<UUID> imported) {
        boolean allGood = true;
        try {
            for (Path file : recordings(source)) {
                allGood &= importFile(file, importer, imported);
            }
        } catch (IOException | UncheckedIOException e) {
            err().println("steptrail: " + Steptrail.told(e));
            return false;
        }
        return allGood;
    }

    private boolean importFile(Path file, TraceImporter importer, List<UUID> imported) {
        try {
            ImportedTrace trace = importer.importFile(file);
            imported.add(trace.taskId());
            String told = trace.added()
                    ? trace.steps() + " steps, " + trace.screenshots() + " screenshots"
                    : "imported before and not yet shipped";
            out().println(file + ": task " + trace.taskId() + ", " + told);
            return true;
        } catch (IOException e) {
            err().println("steptrail: " + Steptrail.told(e));
            return false;
        } catch (RuntimeException e) { // what nobody thought of costs its file alone
            err().println("steptrail: " + file + ": cannot be imported: " + e);
            return false;
        }
    }

    /**
     * Ships the tasks, or, while another process ships this outbox, waits until they are gone from it; whether all could be
     * shipped.
     */
    private boolean ship(Outbox outbox, ShipperSettings settings, List<UUID> tasks) throws Exception {
        boolean told = false;
        while (true) {
            Optional<Shipper> opened = Shipper.open(outbox, settings);
            if (opened.isPresent()) {
                try (Shipper shipper = opened.get()) {
                    boolean allGood = shipEach(shipper, tasks);
                    out().println(ShipCommand.told(shipper.counts()));
                    return allGood;
                }
            }
            if (!told) {
                out().println("Another process ships " + outbox.folder() + "; waiting for it");
                told = true;
            }
            if (tasks.stream().allMatch(task -> outbox.task(task).isEmpty())) {
                return true;
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /** Ships what can be, naming on standard error what cannot; whether all could. */
    private boolean shipEach(Shipper shipper, List<UUID> tasks) throws ShipException {
        boolean allGood = true;
        for (UUID task : tasks) {
            try {
                shipper.ship(task);
            } catch (IOException e) {
                err().println("steptrail: task " + task + " is not shipped: " + Steptrail.told(e));
                allGood = false;
            }
        }
        return allGood;
    }

    private static List<Path> recordings(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        try (Stream<Path> files = Files.walk(source)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new IOException(source + ": holds no *.json");
            }
            return found;
        }
    }
}
