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
 * The one writer of a task's folder. What {@link #append} wrote outlives this process; a power cut may take the last of it,
 * unless {@link #sync} was called.
 *
 * <p>Not thread-safe.
 */
public final class TaskWriter implements Closeable {
    /** Takes the losses and the end of a task. */
    private static final int RESERVED_BYTES = 16 * 1024;

    private final TaskFiles files;
    private final FolderLock lock;
    private final StepsFileWriter steps;
    private final DiskSync disk;
    private final RecordLineEncoder line = new RecordLineEncoder();
    private final Map<String, Integer> framesOfStep = new HashMap<>();
    private final List<Path> framesToSync = new ArrayList<>();
    private int lastFramedStep;
    private boolean folderSynced;

    private TaskWriter(TaskFiles files, FolderLock lock, StepsFileWriter steps, DiskSync disk) {
        this.files = files;
        this.lock = lock;
        this.steps = steps;
        this.disk = disk;
    }

    /** Makes {@code folder} and all in it, or leaves nothing of it, so that it can be tried again. */
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
            // Random, since a file system that compresses would store zeros as a hole, which reserves nothing.
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
     * Whether the folder is still there: what is written to one that somebody removed is lost, and nothing says so.
     *
     * @throws NoSuchFileException if {@code steps.jsonl} alone is away; nothing can be appended until it is back
     */
    boolean exists() throws IOException {
        if (steps.reopenIfReplaced()) {
            return true;
        }
        if (Files.exists(files.folder())) {
            throw new NoSuchFileException(files.steps().toString(), null, "is away, though its folder is there");
        }
        return false;
    }

    /**
     * Adds a record as one line.
     *
     * @return how many bytes that took
     * @throws IllegalArgumentException if it is longer than any reader takes: 16 MiB
     * @throws IOException if it could not be written whole; nothing but this record is lost
     */
    public int append(StepRecord record) throws IOException {
        return steps.append(line.encode(record));
    }

    /** The same for one that is a line already. */
    int append(RecordLineEncoder encoded) throws IOException {
        return steps.append(encoded);
    }

    /** Gives the room free that was kept on the disk for the end of the task, which comes now. */
    void releaseReserve() throws IOException {
        Files.deleteIfExists(files.reserve());
    }

    /**
     * Stores a screenshot. The step's record must name it: otherwise it is not shipped.
     *
     * @throws BrokenImageException if {@code png} is not a PNG
     * @throws IOException if it could not be written; no part of it is left
     */
    public Frame writeFrame(int stepNumber, FrameRole role, byte[] png, boolean sensitive, @Nullable Instant capturedAt)
            throws IOException {
        return writeFrame(stepNumber, role, png, sensitive, List.of(), capturedAt);
    }

    /** The same for a screenshot of which {@code redacted} was made unreadable. */
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

    /**
     * Takes back pictures whose step could not be written: nobody would ship them, and they take room.
     *
     * @return how many bytes they had
     */
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
     * Forces to the disk what was appended so far, and the pictures of the last step: to be called after each step, if a
     * power cut shall take nothing.
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

    /** Gives the folder free; the shipper may remove it once all is delivered. */
    @Override
    public void close() throws IOException {
        try (lock;
                steps) {
            steps.sync(disk);
            releaseReserve();
        }
    }

    private String frameName(int stepNumber, FrameRole role) {
        if (stepNumber != lastFramedStep) {
            framesOfStep.clear();
            framesToSync.clear();
            lastFramedStep = stepNumber;
        }
        int count = framesOfStep.merge(role.wireName(), 1, Integer::sum);
        return stepNumber + "-" + role.wireName() + (count == 1 ? "" : "-" + count) + ".png";
    }
}
