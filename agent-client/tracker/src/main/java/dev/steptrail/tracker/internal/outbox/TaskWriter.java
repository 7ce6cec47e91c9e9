package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Region;
import dev.steptrail.stepformat.StepRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of a task, and holds the lock of its folder. Appended records survive the end of the process. After
 * a power cut, only those before the last {@link #sync} are certain to be present.
 *
 * <p>Not thread-safe.
 */
public final class TaskWriter implements Closeable {
    /** Disk space reserved for the losses and the end of the task. */
    private static final int RESERVED_BYTES = 16 * 1024;

    private final TaskFiles files;
    private final FolderLock lock;
    private final StepsFileWriter steps;
    private final DiskSync disk;
    private final Map<String, Integer> framesOfStep = new HashMap<>();
    private final List<Path> framesToSync = new ArrayList<>();
    private int lastStepWithFrames;
    private boolean folderSynced;

    private TaskWriter(TaskFiles files, FolderLock lock, StepsFileWriter steps, DiskSync disk) {
        this.files = files;
        this.lock = lock;
        this.steps = steps;
        this.disk = disk;
    }

    /** Creates {@code folder} and its files. On failure, removes the folder, so that the caller can retry. */
    static TaskWriter create(Path folder, DiskSync disk) throws IOException {
        OutboxFiles.createFolder(folder);
        try {
            return createIn(new TaskFiles(folder), disk);
        } catch (IOException e) {
            try {
                OutboxFiles.deleteRecursively(folder);
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private static TaskWriter createIn(TaskFiles files, DiskSync disk) throws IOException {
        OutboxFiles.open(files.writerLock(), CREATE_NEW, WRITE).close();
        FolderLock lock = FolderLock.acquire(files.writerLock());
        try {
            OutboxFiles.createFolder(files.frames());
            // Random bytes, because a compressing file system would store zeros without reserving space.
            byte[] reserve = new byte[RESERVED_BYTES];
            ThreadLocalRandom.current().nextBytes(reserve);
            try (FileChannel channel = OutboxFiles.open(files.reserve(), CREATE_NEW, WRITE)) {
                OutboxFiles.writeAll(channel, reserve);
            }
            return new TaskWriter(files, lock, StepsFileWriter.create(files.steps()), disk);
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Returns whether the folder still exists. Writes to files of a removed folder succeed, but their data is lost.
     *
     * @throws NoSuchFileException if the folder exists without {@code steps.jsonl}; appends fail until the file is
     *     restored
     */
    boolean exists() throws IOException {
        if (steps.reopenIfReplaced()) {
            return true;
        }
        if (Files.exists(files.folder())) {
            throw new NoSuchFileException(files.steps().toString(), null, "is missing, although its folder exists");
        }
        return false;
    }

    /**
     * Appends a record as one line.
     *
     * @return the number of bytes written
     * @throws IllegalArgumentException if the record exceeds the maximum of 16 MiB
     * @throws IOException if the record could not be written completely; other records are not affected
     */
    public int append(StepRecord record) throws IOException {
        return steps.append(OutboxLine.encode(record));
    }

    int append(byte[] json) throws IOException {
        return steps.append(json);
    }

    /** Frees the disk space that was reserved for the end of the task. */
    void releaseReserve() throws IOException {
        Files.deleteIfExists(files.reserve());
    }

    /**
     * Writes a screenshot. It is shipped only if the record of a step references it.
     *
     * @throws BrokenImageException if {@code png} is not a PNG
     * @throws IOException if the screenshot could not be written; an incomplete file is removed
     */
    public Frame writeFrame(int stepNumber, FrameRole role, byte[] png, boolean sensitive, @Nullable Instant capturedAt)
            throws IOException {
        return writeFrame(stepNumber, role, png, sensitive, List.of(), capturedAt);
    }

    public Frame writeFrame(
            int stepNumber,
            FrameRole role,
            byte[] png,
            boolean sensitive,
            List<Region> redacted,
            @Nullable Instant capturedAt)
            throws IOException {
        PngHeader header = PngHeader.read(png);
        Path file = files.frames().resolve(frameName(stepNumber, role));
        OutboxFiles.replaceAtomically(file, png, null);
        framesToSync.add(file);
        String name = files.frames().getFileName() + "/" + file.getFileName();
        return new Frame(role, name, header.width(), header.height(), sensitive, redacted, capturedAt, Map.of());
    }

    /** Deletes the screenshots of a step that could not be written. Returns the number of bytes deleted. */
    long removeFrames(List<Frame> frames) throws IOException {
        long bytes = 0;
        for (Frame frame : frames) {
            Path file = files.folder().resolve(frame.file());
            framesToSync.remove(file);
            if (OutboxFiles.exists(file)) {
                bytes += Files.size(file);
                Files.delete(file);
            }
        }
        return bytes;
    }

    /**
     * Forces all appended records and the screenshots of the last step to the disk. Screenshots of earlier steps are
     * not forced, so callers that need them to survive a power cut must call this method after each step.
     */
    public void sync() throws IOException {
        for (Path frame : framesToSync) {
            disk.syncFile(frame);
        }
        if (!framesToSync.isEmpty()) {
            disk.syncFolder(files.frames());
            framesToSync.clear();
        }
        steps.sync(disk);
        if (!folderSynced) {
            disk.syncFolder(files.folder());
            disk.syncFolder(files.outbox());
            folderSynced = true;
        }
    }

    /** Releases the folder; a shipper may then delete it once everything is delivered. */
    @Override
    public void close() throws IOException {
        try (lock;
                steps) {
            steps.sync(disk);
            releaseReserve();
        }
    }

    private String frameName(int stepNumber, FrameRole role) {
        if (stepNumber != lastStepWithFrames) {
            framesOfStep.clear();
            framesToSync.clear();
            lastStepWithFrames = stepNumber;
        }
        int count = framesOfStep.merge(role.wireName(), 1, Integer::sum);
        return stepNumber + "-" + role.wireName() + (count == 1 ? "" : "-" + count) + ".png";
    }
}
