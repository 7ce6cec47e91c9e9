package dev.steptrail.cli.phone.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.phone.suite.TaskResult.Problem;
import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of an experiment that were started and that have ended, in a file in the outbox. After an interruption, the
 * suite continues with the tasks that have not ended.
 *
 * <p>A task has three lines. {@code started} is written before its first step, {@code finished} with its result before
 * its end is recorded, and {@code ended} with its verdict afterwards. Each line is on the disk when its method returns,
 * because the file is opened with O_DSYNC. If the process is killed between the last two, the outbox shows whether the
 * end was recorded.
 *
 * <p>Thread-safe. Writing is not interruptible, because an interrupted {@code FileChannel} would be closed.
 */
final class SuiteJournal implements Closeable {
    /** The folder in the outbox. Shippers ignore it, because its name is not that of a task. */
    static final String FOLDER = ".suites";

    private static final String EVENT = "event";
    private static final String SETTINGS = "settings";
    private static final String STARTED = "started";
    private static final String FINISHED = "finished";
    private static final String ENDED = "ended";
    private static final String JUDGED = "judged";
    private static final String INTERRUPTED = "interrupted";
    private static final String PROBLEM = "problem";

    private static final int FILE_NAME_LENGTH = 16;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Identifies a task of an experiment.
     *
     * @param repeat starts at 1
     * @param device the phone's serial number if each phone runs the case; otherwise null
     */
    record TaskKey(String caseId, int repeat, @Nullable String device) {}

    /**
     * A task that was started.
     *
     * @param digest that of its case
     * @param result null if the task was interrupted before its end
     */
    record Entry(
            TaskKey key, String digest, UUID task, @Nullable TaskResult result) {}

    private final Path path;
    private final FolderLock lock;
    private final RandomAccessFile file;
    private final Map<UUID, Entry> open = new LinkedHashMap<>();
    private final Map<TaskKey, Entry> ended = new LinkedHashMap<>();
    private final Set<UUID> known = new HashSet<>();
    private final Set<String> devices = new LinkedHashSet<>();
    private JsonNode settings = JSON.missingNode();

    private SuiteJournal(Path path, FolderLock lock, RandomAccessFile file) {
        this.path = path;
        this.lock = lock;
        this.file = file;
    }

    /**
     * Opens the journal of an experiment, and creates it if it does not exist.
     *
     * @param settings those of the agent by name, such as the model
     * @throws SuiteFileException if the experiment was started with other settings
     * @throws IOException if the file cannot be read or written, or another process runs the experiment
     */
    static SuiteJournal open(Path outbox, String experiment, Map<String, String> settings) throws IOException {
        Path folder = outbox.resolve(FOLDER);
        Files.createDirectories(folder);
        restrictToOwner(folder);
        String name = Sha256.hex(experiment.getBytes(UTF_8)).substring(0, FILE_NAME_LENGTH);
        Path path = folder.resolve(name + ".jsonl");
        FolderLock lock = FolderLock.tryAcquire(folder.resolve(name + ".lock"))
                .orElseThrow(
                        () -> new IOException("the experiment '" + experiment + "' is being run by another process"));
        Closeable opened = lock;
        try {
            SuiteJournal journal = new SuiteJournal(path, lock, new RandomAccessFile(path.toFile(), "rwd"));
            opened = journal;
            restrictToOwner(path);
            journal.read(experiment);
            journal.requireSameSettings(experiment, settings);
            return journal;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Sets the modes of the outbox's folders and files, because messages of agents may be private. */
    private static void restrictToOwner(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            String mode = Files.isDirectory(path) ? "rwx------" : "rw-------";
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
    }

    /** Reads all complete lines, and removes a line that was not completed. */
    private void read(String experiment) throws IOException {
        byte[] content = new byte[Math.toIntExact(file.length())];
        file.readFully(content);
        int start = 0;
        int number = 0;
        for (int end = 0; end < content.length; end++) {
            if (content[end] == '\n') {
                number++;
                try {
                    apply(JSON.readTree(content, start, end - start));
                } catch (IOException | IllegalArgumentException e) {
                    throw new IOException(
                            "line " + number + " of " + path + " is not valid: move the file away to run"
                                    + " the experiment again from its beginning",
                            e);
                }
                start = end + 1;
            }
        }
        file.setLength(start);
        file.seek(start);
        if (start == 0) {
            append(JSON.createObjectNode().put(EVENT, "suite").put("experiment", experiment));
        }
    }

    private void requireSameSettings(String experiment, Map<String, String> current) throws IOException {
        if (known.isEmpty()) {
            ObjectNode line = JSON.createObjectNode().put(EVENT, SETTINGS);
            current.forEach(line::put);
            append(line);
            return;
        }
        for (Map.Entry<String, String> setting : current.entrySet()) {
            String before = settings.path(setting.getKey()).asText();
            if (!before.equals(setting.getValue())) {
                throw new SuiteFileException("the experiment '" + experiment + "' was started with another "
                        + setting.getKey() + " ('" + before + "', now '" + setting.getValue()
                        + "'): use another name for the experiment");
            }
        }
    }

    /** Applies a line to the state of the tasks. */
    private void apply(JsonNode line) {
        String event = line.path(EVENT).asText();
        if (event.equals("suite")) {
            return;
        } else if (event.equals(SETTINGS)) {
            settings = line;
            return;
        }
        UUID task = UUID.fromString(line.path("task").asText());
        switch (event) {
            case STARTED -> {
                TaskKey key = new TaskKey(
                        line.path("case").asText(),
                        line.path("repeat").asInt(),
                        line.path("on").textValue());
                known.add(task);
                if (key.device() != null) {
                    devices.add(key.device());
                }
                open.put(task, new Entry(key, line.path("digest").asText(), task, null));
            }
            case FINISHED -> open.computeIfPresent(task, (id, entry) -> withResult(entry, line));
            case ENDED -> {
                Entry entry = open.remove(task);
                if (entry != null) {
                    ended.put(entry.key(), withResult(entry, line));
                }
            }
            case JUDGED ->
                ended.replaceAll((key, entry) -> entry.task().equals(task) ? withResult(entry, line) : entry);
            case INTERRUPTED -> open.remove(task);
            default -> throw new IllegalArgumentException("unknown event '" + event + "'");
        }
    }

    private static Entry withResult(Entry entry, JsonNode line) {
        String verdict = line.path("verdict").textValue();
        String problem = line.path(PROBLEM).textValue();
        TaskResult result = new TaskResult(
                entry.task(),
                line.path("device").asText(),
                RunOutcome.valueOf(line.path("outcome").asText().toUpperCase(Locale.ROOT)),
                line.path("steps").asInt(),
                Duration.ofMillis(line.path("duration_ms").asLong()),
                line.path("message").textValue(),
                verdict == null ? null : Label.valueOf(verdict.toUpperCase(Locale.ROOT)),
                line.path("reason").textValue(),
                problem == null ? null : Problem.valueOf(problem.toUpperCase(Locale.ROOT)));
        return new Entry(entry.key(), entry.digest(), entry.task(), result);
    }

    /** Returns the tasks that have ended. */
    synchronized Map<TaskKey, Entry> ended() {
        return new LinkedHashMap<>(ended);
    }

    /** Returns how a task has ended; null if it has not. */
    synchronized @Nullable TaskResult result(TaskKey key) {
        Entry entry = ended.get(key);
        return entry == null ? null : entry.result();
    }

    /** Returns the tasks that were started, and for which the journal has no end. */
    synchronized List<Entry> open() {
        return new ArrayList<>(open.values());
    }

    /** Returns the phones on which tasks were started, if each phone runs the cases; otherwise none. */
    synchronized List<String> devices() {
        return List.copyOf(devices);
    }

    /** Returns whether the journal contains the start of a task. */
    synchronized boolean knows(UUID task) {
        return known.contains(task);
    }

    synchronized void started(TaskKey key, String digest, UUID task) throws IOException {
        ObjectNode line = line(STARTED, task)
                .put("case", key.caseId())
                .put("repeat", key.repeat())
                .put("digest", digest);
        if (key.device() != null) {
            line.put("on", key.device());
        }
        append(line);
    }

    /** Writes the result of a task whose end is recorded next. */
    synchronized void finished(TaskResult result) throws IOException {
        append(line(FINISHED, result));
    }

    /** Writes that the end of a task is recorded, with its verdict. The task is not run again. */
    synchronized void ended(TaskResult result) throws IOException {
        append(line(ENDED, result));
    }

    /** Writes another verdict on a task that has ended. */
    synchronized void judgedAgain(TaskResult result) throws IOException {
        append(line(JUDGED, result));
    }

    /** Writes that a task was interrupted, so that its case is run again. */
    synchronized void interrupted(UUID task) throws IOException {
        append(line(INTERRUPTED, task));
    }

    private static ObjectNode line(String event, UUID task) {
        return JSON.createObjectNode().put(EVENT, event).put("task", task.toString());
    }

    private static ObjectNode line(String event, TaskResult result) {
        ObjectNode line = line(event, result.task())
                .put("device", result.device())
                .put("outcome", result.outcome().wireName())
                .put("steps", result.steps())
                .put("duration_ms", result.duration().toMillis())
                .put("message", result.message());
        if (result.verdict() != null) {
            line.put("verdict", result.verdict().wireName());
        }
        if (result.problem() != null) {
            line.put(PROBLEM, result.problem().wireName());
        }
        return line.put("reason", result.reason());
    }

    /** Writes a line and applies it. */
    private void append(ObjectNode line) throws IOException {
        long start = file.getFilePointer();
        try {
            file.write((line + "\n").getBytes(UTF_8));
        } catch (IOException e) { // a part of a line would make the following ones unreadable
            file.setLength(start);
            file.seek(start);
            throw e;
        }
        apply(line);
    }

    @Override
    public synchronized void close() throws IOException {
        try (lock) {
            file.close();
        }
    }
}
