package dev.steptrail.cli.records;

import static dev.steptrail.cli.terminal.TextFormat.count;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.cli.command.ApiCommand;
import dev.steptrail.cli.records.AutoGlmImporter.Imported;
import dev.steptrail.cli.shipping.DeliveryCheck;
import dev.steptrail.cli.shipping.OutboxCommand;
import dev.steptrail.cli.shipping.ProgressBar;
import dev.steptrail.cli.shipping.ShipCommand;
import dev.steptrail.cli.terminal.TextFormat;
import dev.steptrail.shipper.ShipException;
import dev.steptrail.shipper.Shipper;
import dev.steptrail.shipper.ShipperSettings;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Import recordings of Open-AutoGLM (JSON files) and ship them.",
            "A recording that was imported before keeps its task: what is stored does not change, and a deleted task"
                    + " stays deleted. --new-id imports it as a new task.",
            "If STEPTRAIL_API and a token are set (STEPTRAIL_TOKEN, or steptrail login), the command waits until the API returns the tasks as they"
                    + " were sent."
        },
        exitCodeList = "1:at least one recording was not imported, shipped or verified completely",
        footer = {
            "  steptrail import agent-client/cli/samples",
            "  steptrail import run.json --screenshots pictures --zone Asia/Shanghai",
            OutboxCommand.SHIPPING_ENVIRONMENT + "%n" + ApiCommand.VARIABLES
        })
public final class ImportCommand extends OutboxCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "Recordings, or folders that are searched for *.json.")
    private List<Path> sources = List.of();

    @ArgGroup
    private RecordingScreenshots screenshots = new RecordingScreenshots();

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Time zone of times that have none, such as Asia/Shanghai (default: the local time zone).")
    private ZoneId zone = ZoneId.systemDefault();

    @Option(names = "--new-id", description = "Import each file as a new task, even if it was imported before.")
    private boolean newIds;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait until the API returns the tasks (default: 60).")
    private int waitSeconds = 60;

    @Mixin
    private ProgressBar bar = new ProgressBar();

    private final Map<UUID, Imported> tasks = new LinkedHashMap<>();
    private final Set<Imported> incomplete = new HashSet<>();
    private boolean succeeded = true;

    @Override
    public Integer call() throws Exception {
        checkUsage();
        ShipperSettings settings = ShipperSettings.from(environment());
        Outbox outbox = openOutbox();
        AutoGlmImporter importer = new AutoGlmImporter(outbox, screenshots, zone, newIds);
        for (Path source : sources) {
            try {
                findRecordings(source).forEach(file -> importFile(file, importer));
            } catch (IOException e) {
                fail(e.getMessage());
            }
        }
        ship(outbox, settings);
        verify();
        return succeeded ? 0 : 1;
    }

    /** Checks the options. An empty path, for example from an unset variable, would mean the working directory. */
    private void checkUsage() throws IOException {
        if (sources.contains(Path.of(""))) {
            throw usageError("FILE|DIR must not be empty");
        }
        waitTimeout(waitSeconds);
        screenshots.check();
    }

    /**
     * Returns the recordings in a folder, or the file itself.
     *
     * @throws IOException if the folder cannot be searched, or contains no recording
     */
    private static List<Path> findRecordings(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        List<Path> found;
        try (Stream<Path> files = Files.walk(source)) {
            // Pipes and devices are kept, so that the import reports them as errors, as it does for a FILE argument.
            found = files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new IOException(source + ": failed to search for recordings: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IOException(source + ": contains no *.json file");
        }
        return found;
    }

    private void importFile(Path file, AutoGlmImporter importer) {
        try {
            Imported recording = importer.importFile(file);
            tasks.putIfAbsent(recording.taskId(), recording);
            String result = recording.added()
                    ? count(recording.steps(), "step") + ", " + count(recording.screenshots(), "screenshot")
                    : "imported before and not yet shipped";
            println(file + ": task " + recording.taskId() + ", " + result);
            warnOfInvalidUsage(file, recording.stepsWithInvalidUsage());
        } catch (IOException e) {
            fail(e.getMessage());
        }
    }

    private void warnOfInvalidUsage(Path file, List<Integer> steps) {
        if (!steps.isEmpty()) {
            printError(file + ": tokens of " + count(steps.size(), "step") + " are not counted, the first is step "
                    + steps.get(0) + ": usage must have input_tokens, cached_tokens or output_tokens, each a whole"
                    + " number of 0 or more");
        }
    }

    /** Ships all tasks. While another process ships this outbox, waits until that process has removed them. */
    private void ship(Outbox outbox, ShipperSettings settings) throws IOException, ShipException, InterruptedException {
        boolean reportedWait = false;
        while (tasks.keySet().stream().anyMatch(task -> outbox.task(task).isPresent())) {
            Optional<Shipper> opened = Shipper.open(outbox, settings);
            if (opened.isPresent()) {
                try (Shipper shipper = opened.get()) {
                    shipEach(outbox, shipper);
                }
                return;
            }
            if (!reportedWait) {
                println("waiting for another process that is shipping " + outbox.folder());
                reportedWait = true;
            }
            Thread.sleep(500);
        }
        for (Imported task : tasks.values()) {
            checkCompletelyShipped(outbox, task);
        }
    }

    private void shipEach(Outbox outbox, Shipper shipper) throws IOException, ShipException {
        List<OutboxTask> unshipped = tasks.keySet().stream()
                .flatMap(task -> outbox.task(task).stream())
                .toList();
        Closeable display = bar.start(unshipped, shipper.counts(), err());
        try (display) {
            for (Imported task : tasks.values()) {
                long lostBefore = shipper.counts().lostScreenshots();
                try {
                    shipper.ship(task.taskId());
                    checkCompletelyShipped(outbox, task);
                } catch (IOException e) {
                    fail(task, "task " + task.taskId() + " was not shipped: " + TextFormat.errorMessage(e));
                }
                long lost = shipper.counts().lostScreenshots() - lostBefore;
                if (lost > 0) {
                    fail(task, "shipped without " + count(lost, "screenshot") + "; see lost_screenshots in the steps");
                }
            }
        }
        println(ShipCommand.summary(shipper.counts()));
    }

    private void checkCompletelyShipped(Outbox outbox, Imported task) throws IOException {
        if (outbox.task(task.taskId()).isPresent()) {
            fail(task, "task " + task.taskId() + " was not shipped completely; the rest is kept in " + outbox.folder());
            return;
        }
        Path file = outbox.folder().resolve("rejected").resolve(task.taskId() + ".jsonl");
        String missing = String.join(", ", describeRejected(file));
        if (!missing.isEmpty()) {
            fail(task, "shipped without " + missing + " (too large; kept in " + file + ")");
        }
    }

    /** Describes each distinct record in a file of rejected lines, such as {@code step 2 (301234 bytes)}. */
    private static List<String> describeRejected(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return new String(Files.readAllBytes(file), UTF_8)
                .lines()
                .map(line -> line.getBytes(UTF_8))
                .map(json -> describeRejected(json) + " (" + count(json.length, "byte") + ")")
                .distinct()
                .toList();
    }

    private static String describeRejected(byte[] json) {
        try {
            StepRecord record = RecordCodec.decode(json);
            if (record instanceof Step step) {
                return "step " + step.stepNumber();
            }
            return record instanceof TaskStarted ? "the start" : record instanceof TaskEnded ? "the end" : "the losses";
        } catch (InvalidRecordException e) {
            return "a record";
        }
    }

    /** Verifies that the API returns the tasks that were shipped completely. */
    private void verify() throws IOException, InterruptedException {
        tasks.values().removeAll(incomplete);
        if (tasks.isEmpty()) {
            return;
        }
        DeliveryCheck check = DeliveryCheck.from(environment(), waitTimeout(waitSeconds), zone());
        if (check == null) {
            println(
                    "sent, not verified: set STEPTRAIL_API and run steptrail login (or set STEPTRAIL_TOKEN) to verify the delivery");
            return;
        }
        for (Imported task : tasks.values()) {
            // The number of screenshots from an earlier import is not known.
            Integer screenshots = task.added() ? task.screenshots() : null;
            String problem = check.verify(task.taskId(), task.startedAt(), task.steps(), screenshots);
            if (problem != null) {
                fail(task, problem);
            }
        }
        if (incomplete.isEmpty()) {
            println("verified: the API has " + count(tasks.size(), "task"));
        }
    }

    private void fail(Imported task, String problem) {
        incomplete.add(task);
        fail(task.file() + ": " + problem);
    }

    private void fail(@Nullable String problem) {
        succeeded = false;
        printError(problem);
    }
}
