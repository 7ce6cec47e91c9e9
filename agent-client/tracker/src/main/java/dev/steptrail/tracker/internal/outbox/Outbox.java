package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.TaskId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * A folder in which recorders leave what they record until a shipper has delivered it: one folder a task. The README of
 * step-format describes every file in it, so that any language can write one.
 *
 * <p>Thread-safe; any number of recorders may write to one outbox while one shipper reads it.
 */
public final class Outbox {
    private static final String SHIPPER_LOCK = ".lock";
    private static final String SHIPPER_STATE = ".shipper.json";
    private static final int MAX_STATE_BYTES = 64 * 1024;

    private static final Pattern MISNAMED = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern UNFINISHED = Pattern.compile("\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    /** {@link #addWhole} locks its folder at once, but not at the moment at which it creates it. */
    private static final Duration MIN_ABANDONED_AGE = Duration.ofHours(1);

    /** How long a process may need to look whether a lock is free, on a machine that has much else to do. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);

    private final Path folder;
    private final DiskSync disk;

    private Outbox(Path folder, DiskSync disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /**
     * The outbox in {@code folder}, which is made if absent, for its owner alone: it shows what phones showed.
     *
     * @throws IOException if it cannot be made or written to; the message names it
     */
    public static Outbox in(Path folder) throws IOException {
        return in(folder, new DiskSync());
    }

    static Outbox in(Path folder, DiskSync disk) throws IOException {
        try {
            if (Files.exists(folder)) {
                requireFolder(folder);
            }
            createFolders(folder, disk);
            if (!Files.isWritable(folder)) {
                throw new IOException("the outbox " + folder
                        + " cannot be written to: give this user the right to write, or mount it read-write");
            }
            // One name for each folder, whichever links lead there: locks within a process go by it.
            return new Outbox(folder.toRealPath(), disk);
        } catch (FileSystemException e) {
            throw new IOException("the outbox " + folder + " cannot be made: " + e, e);
        }
    }

    /**
     * An outbox to look into, which need not be writable. Its methods that write fail where it is not.
     *
     * @throws IOException if {@code folder} is not a folder that can be read; the message names it
     */
    public static Outbox readOnly(Path folder) throws IOException {
        requireFolder(folder);
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new IOException("the outbox " + folder + " cannot be read: give this user the right to read it");
        }
        return new Outbox(folder.toRealPath(), new DiskSync());
    }

    private static void requireFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("the outbox " + folder + " is not a folder");
        }
    }

    /** Makes it, and those above it that are missing, in a way that survives a power cut. */
    private static void createFolders(Path folder, DiskSync disk) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = folder.toAbsolutePath(); path != null && !Files.exists(path); path = path.getParent()) {
            missing.push(path);
        }
        OutboxFiles.createFolders(folder);
        for (Path made : missing) {
            disk.syncFolder(made.resolveSibling(""));
        }
    }

    public Path folder() {
        return folder;
    }

    /**
     * Creates the folder again if it was removed.
     *
     * @throws IOException if that failed
     */
    public void createIfMissing() throws IOException {
        createFolders(folder, disk);
    }

    /** Limits the outbox to {@code maxBytes}, for one writer of it. */
    public OutboxQuota quota(long maxBytes) {
        return new OutboxQuota(folder, maxBytes);
    }

    /**
     * Makes the folder of a new task and becomes its one writer.
     *
     * @throws FileAlreadyExistsException if the task has a folder already, of another recorder
     */
    public TaskWriter newTask(UUID taskId) throws IOException {
        createIfMissing();
        return TaskWriter.create(folder.resolve(taskId.toString()), disk);
    }

    /** Writes a whole task. */
    @FunctionalInterface
    public interface WholeTask {
        void writeTo(TaskWriter writer) throws IOException;
    }

    /**
     * Adds a task that is complete already: its folder appears whole, or, if writing fails, not at all.
     *
     * @return false if the task has a folder already, which is left as it is
     * @throws FileAlreadyExistsException if another process adds the same task now
     * @throws IOException if it cannot be written
     */
    public boolean addWhole(UUID taskId, WholeTask task) throws IOException {
        Path target = folder.resolve(taskId.toString());
        if (Files.exists(target)) {
            return false;
        }
        Path unfinished = folder.resolve("." + taskId + ".tmp");
        if (FolderLock.isFree(new TaskFiles(unfinished).writerLock())) {
            OutboxFiles.deleteRecursively(unfinished);
        }
        TaskWriter writer = TaskWriter.create(unfinished, disk);
        try (writer) {
            task.writeTo(writer);
        } catch (IOException | RuntimeException e) {
            OutboxFiles.deleteRecursively(unfinished);
            throw e;
        }
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /** The tasks that have a folder now, oldest id first. */
    public List<OutboxTask> tasks() throws IOException {
        List<OutboxTask> tasks = new ArrayList<>();
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(Outbox::isTask)
                    .sorted(Comparator.comparing(Path::getFileName))
                    .forEach(child -> tasks.add(new OutboxTask(child, disk)));
        }
        return tasks;
    }

    /** The task's folder, if it has one. */
    public Optional<OutboxTask> task(UUID taskId) {
        Path child = folder.resolve(taskId.toString());
        return isTask(child) ? Optional.of(new OutboxTask(child, disk)) : Optional.empty();
    }

    /** Not by its name alone, since a task that is delivered is removed: other folders must not be. */
    private static boolean isTask(Path child) {
        return TaskId.parse(child.getFileName().toString()).isPresent() && hasRecorderFiles(child);
    }

    /**
     * The right to ship from this outbox; empty while another shipper, of whatever process, holds it. Takes a third of a second
     * to be sure of that. Who gets it finds removed what {@link #abandonedImports} names.
     */
    public Optional<FolderLock> tryLock() throws IOException {
        Optional<FolderLock> lock = FolderLock.tryAcquire(folder.resolve(SHIPPER_LOCK), LOCK_TIMEOUT);
        if (lock.isPresent()) {
            removeAbandonedImports();
        }
        return lock;
    }

    /** They only take space: if one cannot be removed, shipping goes on, and {@link #abandonedImports} still names it. */
    private void removeAbandonedImports() {
        try {
            for (Path stray : abandonedImports()) {
                OutboxFiles.deleteRecursively(stray);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(Outbox.class)
                    .warn("What an import left behind cannot be removed: {}", e.toString());
        }
    }

    /**
     * Folders of tasks that {@link #addWhole} began more than an hour ago in a process that has ended; they are not shipped.
     */
    public List<Path> abandonedImports() throws IOException {
        return foldersNamed(UNFINISHED).stream().filter(Outbox::isAbandoned).toList();
    }

    private static boolean isAbandoned(Path stray) {
        try {
            return Files.getLastModifiedTime(stray, LinkOption.NOFOLLOW_LINKS)
                            .toInstant()
                            .isBefore(Instant.now().minus(MIN_ABANDONED_AGE))
                    && FolderLock.isFree(new TaskFiles(stray).writerLock());
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Folders that would be tasks if their names were in lower case; they are not shipped. */
    public List<Path> misnamed() throws IOException {
        return foldersNamed(MISNAMED).stream()
                .filter(child -> TaskId.parse(child.getFileName().toString()).isEmpty())
                .toList();
    }

    /** Folders with such names into which a recorder has written, sorted. */
    private List<Path> foldersNamed(Pattern name) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child ->
                            name.matcher(child.getFileName().toString()).matches() && hasRecorderFiles(child))
                    .sorted()
                    .toList();
        }
    }

    private static boolean hasRecorderFiles(Path child) {
        return Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS) && new TaskFiles(child).exist();
    }

    /** Whether a shipper, of whatever process, holds this outbox. */
    public boolean hasActiveShipper() throws IOException {
        return !FolderLock.isFree(folder.resolve(SHIPPER_LOCK));
    }

    /** What the shipper last wrote about itself, as JSON; empty if none has shipped from here yet. */
    public Optional<byte[]> readShipperState() throws IOException {
        try {
            return Optional.of(OutboxFiles.read(folder.resolve(SHIPPER_STATE), 0, MAX_STATE_BYTES));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Replaces what others read about the shipper; for the holder of its lock. A power cut may undo it. */
    public void writeShipperState(byte[] json) throws IOException {
        OutboxFiles.replaceAtomically(folder.resolve(SHIPPER_STATE), json, null);
    }
}
