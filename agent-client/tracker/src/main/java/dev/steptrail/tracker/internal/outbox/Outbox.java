package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.TaskId;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
 * A folder that stores recorded tasks until a shipper has delivered them, in one subfolder for each task. The module
 * step-format specifies its files, so that programs in other languages can write an outbox.
 *
 * <p>Thread-safe. Any number of recorders may write to an outbox while one shipper reads it.
 */
public final class Outbox {
    private static final String SHIPPER_LOCK = ".lock";
    private static final String SHIPPER_STATE = ".shipper.json";
    private static final int MAX_STATE_BYTES = 64 * 1024;

    private static final Pattern UUID_IN_ANY_CASE = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern INCOMPLETE_IMPORT =
            Pattern.compile("\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    /** Younger folders may belong to a running {@link #addCompleteTask} that has not yet locked them. */
    private static final Duration MIN_ABANDONED_AGE = Duration.ofHours(1);

    /** Longer than {@link FolderLock#isFree} in another process holds the lock, even on a busy machine. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);

    private final Path folder;
    private final DiskSync disk;

    private Outbox(Path folder, DiskSync disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /**
     * Opens the outbox in {@code folder}. A missing folder is created with access for its owner only, because
     * screenshots may show private data.
     *
     * @throws IOException if the folder cannot be created or written to; the message contains its path
     */
    public static Outbox open(Path folder) throws IOException {
        return open(folder, new DiskSync());
    }

    static Outbox open(Path folder, DiskSync disk) throws IOException {
        try {
            if (Files.exists(folder)) {
                requireFolder(folder);
            }
            createFolders(folder, disk);
            if (!Files.isWritable(folder)) {
                throw new IOException("the outbox " + folder
                        + " is not writable: give this user write permission, or mount it read-write");
            }
            // The real path, because locks within a process are identified by their path.
            return new Outbox(folder.toRealPath(), disk);
        } catch (FileSystemException e) {
            String reason = e instanceof AccessDeniedException ? "permission denied" : e.getReason();
            throw new IOException(
                    "the outbox " + folder + " cannot be created" + (reason == null ? "" : " (" + reason + ")")
                            + ": choose a folder in which this user can create folders",
                    e);
        }
    }

    /**
     * Opens an existing outbox for reading. It need not be writable.
     *
     * @throws IOException if {@code folder} is not a readable folder; the message contains its path
     */
    public static Outbox openReadOnly(Path folder) throws IOException {
        requireFolder(folder);
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new IOException("the outbox " + folder + " is not readable: give this user read permission");
        }
        return new Outbox(folder.toRealPath(), new DiskSync());
    }

    private static void requireFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("the outbox " + folder + " is not a folder");
        }
    }

    /** Creates a folder and its missing parents, and forces them to the disk. */
    private static void createFolders(Path folder, DiskSync disk) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = folder.toAbsolutePath(); path != null && !Files.exists(path); path = path.getParent()) {
            missing.push(path);
        }
        OutboxFiles.createFolders(folder);
        for (Path created : missing) {
            disk.syncFolder(created.resolveSibling(""));
        }
    }

    public Path folder() {
        return folder;
    }

    /**
     * Creates the folder again if it was removed.
     *
     * @throws IOException if it cannot be created
     */
    public void createIfMissing() throws IOException {
        createFolders(folder, disk);
    }

    /** Returns a quota that limits the outbox to {@code maxBytes}, for one writer. */
    public OutboxQuota quota(long maxBytes) {
        return new OutboxQuota(folder, maxBytes);
    }

    /**
     * Creates the folder of a new task, and locks it for the returned writer.
     *
     * @throws FileAlreadyExistsException if the task's folder already exists
     */
    public TaskWriter newTask(UUID taskId) throws IOException {
        createIfMissing();
        return TaskWriter.create(folder.resolve(taskId.toString()), disk);
    }

    /** Writes all records and screenshots of a task. */
    @FunctionalInterface
    public interface TaskSource {
        void writeTo(TaskWriter writer) throws IOException;
    }

    /**
     * Adds a complete task atomically: its folder appears only once all of it is written.
     *
     * @return false if the task's folder already exists; it is not changed
     * @throws FileAlreadyExistsException if another process is adding the same task
     * @throws IOException if the task cannot be written
     */
    public boolean addCompleteTask(UUID taskId, TaskSource task) throws IOException {
        Path target = folder.resolve(taskId.toString());
        if (Files.exists(target)) {
            return false;
        }
        Path temporary = folder.resolve("." + taskId + ".tmp");
        if (FolderLock.isFree(new TaskFiles(temporary).writerLock())) {
            OutboxFiles.deleteRecursively(temporary);
        }
        TaskWriter writer = TaskWriter.create(temporary, disk);
        try (writer) {
            task.writeTo(writer);
        } catch (IOException | RuntimeException e) {
            OutboxFiles.deleteRecursively(temporary);
            throw e;
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /** Returns the tasks in the outbox, sorted by id. */
    public List<OutboxTask> tasks() throws IOException {
        List<OutboxTask> tasks = new ArrayList<>();
        try (Stream<Path> children = Files.list(folder)) {
            children.filter(Outbox::isTask)
                    .sorted(Comparator.comparing(Path::getFileName))
                    .forEach(child -> tasks.add(new OutboxTask(child, disk)));
        }
        return tasks;
    }

    /** Returns the task; empty if it has no folder. */
    public Optional<OutboxTask> task(UUID taskId) {
        Path child = folder.resolve(taskId.toString());
        return isTask(child) ? Optional.of(new OutboxTask(child, disk)) : Optional.empty();
    }

    /** Checks the files as well as the name, because delivered tasks are deleted and other folders must not be. */
    private static boolean isTask(Path child) {
        return TaskId.parse(child.getFileName().toString()).isPresent() && hasRecorderFiles(child);
    }

    /**
     * Acquires the shipper's lock, and then removes the {@link #abandonedImports}. Returns empty if another shipper, in
     * this or another process, still holds the lock after 300 ms.
     */
    public Optional<FolderLock> tryLock() throws IOException {
        Optional<FolderLock> lock = FolderLock.tryAcquire(folder.resolve(SHIPPER_LOCK), LOCK_TIMEOUT);
        if (lock.isPresent()) {
            removeAbandonedImports();
        }
        return lock;
    }

    /** A failure is only logged, because abandoned imports merely take space. */
    private void removeAbandonedImports() {
        try {
            for (Path folder : abandonedImports()) {
                OutboxFiles.deleteRecursively(folder);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(Outbox.class)
                    .warn("Failed to remove an abandoned import from the outbox: {}", e.toString());
        }
    }

    /** Returns the folders, over an hour old, of interrupted {@link #addCompleteTask} calls. They are not shipped. */
    public List<Path> abandonedImports() throws IOException {
        return findFolders(INCOMPLETE_IMPORT).stream()
                .filter(Outbox::isAbandoned)
                .toList();
    }

    private static boolean isAbandoned(Path folder) {
        try {
            return Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
                            .toInstant()
                            .isBefore(Instant.now().minus(MIN_ABANDONED_AGE))
                    && FolderLock.isFree(new TaskFiles(folder).writerLock());
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Returns folders of tasks whose names are not in lower case. They are not shipped. */
    public List<Path> misnamedFolders() throws IOException {
        return findFolders(UUID_IN_ANY_CASE).stream()
                .filter(child -> TaskId.parse(child.getFileName().toString()).isEmpty())
                .toList();
    }

    /** Returns the folders with a matching name into which a recorder has written, sorted. */
    private List<Path> findFolders(Pattern name) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child ->
                            name.matcher(child.getFileName().toString()).matches() && hasRecorderFiles(child))
                    .sorted()
                    .toList();
        }
    }

    private static boolean hasRecorderFiles(Path child) {
        return Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS) && new TaskFiles(child).hasRecorderFiles();
    }

    /** Returns whether a shipper, in this or another process, holds the shipper's lock. */
    public boolean hasActiveShipper() throws IOException {
        return !FolderLock.isFree(folder.resolve(SHIPPER_LOCK));
    }

    /** Returns the shipper's last state as JSON; empty if no shipper has written one. */
    public Optional<byte[]> readShipperState() throws IOException {
        try {
            return Optional.of(OutboxFiles.read(folder.resolve(SHIPPER_STATE), 0, MAX_STATE_BYTES));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /** Replaces the shipper's state. Only the holder of the shipper's lock may call this. Not forced to the disk. */
    public void writeShipperState(byte[] json) throws IOException {
        OutboxFiles.replaceAtomically(folder.resolve(SHIPPER_STATE), json, null);
    }
}
