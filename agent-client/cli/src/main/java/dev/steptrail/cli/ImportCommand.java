package dev.steptrail.cli;

import dev.steptrail.cli.autoglm.ImportedTrace;
import dev.steptrail.cli.autoglm.TraceImporter;
import dev.steptrail.cli.autoglm.TraceScreenshots;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code steptrail import}: brings recorded runs in and ships them. */
@Command(
        name = "import",
        description = {
            "Import runs that Open-AutoGLM's recorder wrote (JSON), and ship them.",
            "The same file is the same task. What was stored first is kept, and a deleted task stays deleted: --new-id"
                    + " imports a file as another task.",
            "With STEPTRAIL_API and STEPTRAIL_TOKEN it waits until the API shows what was sent. Exit code 1 if it does"
                    + " not."
        })
final class ImportCommand extends OutboxCommand {
    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description = "Recordings, or folders with them (*.json).")
    private List<Path> sources = List.of();

    @ArgGroup
    private Pictures pictures = new Pictures();

    @Option(
            names = "--zone",
            description = "In which zone times without one are meant, like Asia/Shanghai (default: this machine's).")
    private ZoneId zone = ZoneId.systemDefault();

    /** One of the three. */
    static final class Pictures {
        @Option(
                names = "--screenshot",
                paramLabel = "FILE",
                description = "One PNG to stand for the screen of every step.")
        private @Nullable Path file;

        @Option(
                names = "--screenshots",
                paramLabel = "DIR",
                description = "Where the screenshots lie that the recordings name (default: beside each recording). A"
                        + " recording with a missing one is not imported.")
        private @Nullable Path folder;

        @Option(names = "--no-screenshots", description = "Import no screenshots, whatever the recordings name.")
        private boolean none;

        TraceScreenshots find() {
            if (none) {
                return TraceScreenshots.none();
            }
            if (file != null) {
                return TraceScreenshots.ofFile(file);
            }
            return folder != null ? TraceScreenshots.in(folder) : TraceScreenshots.besideTheTrace();
        }
    }

    @Option(names = "--new-id", description = "Import each file as a new task, whether or not it was imported before.")
    private boolean newIds;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait until the API shows what was sent (default: 60).")
    private int waitSeconds = 60;

    @Mixin
    private ProgressBar bar = new ProgressBar();

    @Override
    public Integer call() throws Exception {
        checkUsage();
        ShipperSettings settings = ShipperSettings.from(environment());
        Outbox outbox = openOutbox();
        TraceImporter importer = new TraceImporter(outbox, pictures.find(), zone, newIds);
        ImportDelivery delivery =
                new ImportDelivery(outbox, lines(), errorLines(), (tasks, counts) -> bar.start(tasks, counts, err()));
        boolean allGood = true;
        for (Path source : sources) {
            allGood &= importFrom(source, importer, delivery);
        }
        allGood &= delivery.ship(settings);
        Map<ImportedTrace, Path> delivered = delivery.delivered();
        if (delivered.isEmpty()) {
            return allGood ? 0 : 1;
        }
        DeliveryCheck check = DeliveryCheck.from(environment(), Duration.ofSeconds(waitSeconds));
        if (check == null) {
            lines().println("sent, not verified: set STEPTRAIL_API and STEPTRAIL_TOKEN to have import look whether it"
                    + " arrives");
            return allGood ? 0 : 1;
        }
        for (Map.Entry<ImportedTrace, Path> trace : delivered.entrySet()) {
            ImportedTrace sent = trace.getKey();
            String problem = check.problemWith(sent.taskId(), sent.startedAt(), sent.steps());
            if (problem != null) {
                errorLines().println("steptrail: " + trace.getValue() + ": " + problem);
                allGood = false;
            }
        }
        return allGood ? 0 : 1;
    }

    /** What picocli does not see by itself. An empty path, as a shell makes of a variable that is not set, would be the folder one is in. */
    private void checkUsage() throws IOException {
        if (sources.contains(Path.of(""))) {
            throw wrong("a FILE or DIR is empty");
        }
        if (pictures.folder != null && !Files.isDirectory(pictures.folder)) {
            throw new IOException("--screenshots: " + pictures.folder + " is no folder");
        }
    }

    /** Imports what can be, naming on standard error what cannot; whether all could. */
    private boolean importFrom(Path source, TraceImporter importer, ImportDelivery delivery) {
        boolean allGood = true;
        try {
            for (Path file : recordings(source)) {
                allGood &= importFile(file, importer, delivery);
            }
        } catch (IOException e) {
            errorLines().println("steptrail: " + e.getMessage());
            return false;
        }
        return allGood;
    }

    private boolean importFile(Path file, TraceImporter importer, ImportDelivery delivery) {
        try {
            ImportedTrace trace = importer.importFile(file);
            delivery.add(trace, file);
            String told = trace.added()
                    ? trace.steps() + " steps, " + trace.screenshots() + " screenshots"
                    : "imported before and not yet shipped";
            lines().println(file + ": task " + trace.taskId() + ", " + told);
            return true;
        } catch (IOException e) {
            errorLines().println("steptrail: " + e.getMessage());
            return false;
        }
    }

    private static List<Path> recordings(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        List<Path> found;
        try (Stream<Path> files = Files.walk(source)) {
            // What is no file to read, such as a pipe, is among them, to be named like one that is given by itself.
            found = files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new IOException(source + ": cannot be searched for recordings: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IOException(source + ": holds no *.json");
        }
        return found;
    }
}
