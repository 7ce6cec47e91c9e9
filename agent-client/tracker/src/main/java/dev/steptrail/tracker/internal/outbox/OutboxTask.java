package dev.steptrail.tracker.internal.outbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A task's folder as the shipper sees it. It never edits {@code steps.jsonl}; how far it has delivered stands in {@code
 * shipped}. Not thread-safe: the holder of the outbox's lock owns it.
 */
public final class OutboxTask {
    /** How much of the end is read to find the last line: mostly a little will do. */
    private static final int[] TAILS = {16 * 1024, 1024 * 1024};

    private static final int MAX_FRAME_BYTES = 64 * 1024 * 1024;

    private static final int MAX_COUNT_BYTES = 32;

    private final TaskFiles files;
    private final StepsFileReader lines;
    private final DiskSync disk;
    private final UUID id;

    OutboxTask(Path folder, DiskSync disk) {
        this.disk = disk;
        this.files = new TaskFiles(folder);
        this.lines = new StepsFileReader(files.steps());
        this.id = UUID.fromString(folder.getFileName().toString());
    }

    public UUID id() {
        return id;
    }

    public Path folder() {
        return files.folder();
    }

    /**
     * How many bytes of {@code steps.jsonl} are delivered. A count that cannot be right, since it lies beyond the end or
     * inside a line, is 0: to send again is harmless, to skip is not.
     */
    public long shipped() throws IOException {
        long offset;
        try {
            offset =
                    Long.parseLong(new String(OutboxFiles.read(files.shipped(), 0, MAX_COUNT_BYTES), US_ASCII).strip());
        } catch (NoSuchFileException | NumberFormatException none) {
            return 0;
        }
        return offset > 0 && isStartOfLine(offset) ? offset : 0;
    }

    /** Bytes that the writer has written; 0 before it wrote any. */
    public long size() throws IOException {
        return lines.size();
    }

    /**
     * The whole lines from {@code offset} on that fit into {@code maxBytes}; if the first one does not, that one alone. There
     * are none as well while {@link #isWithinLongLine} says so.
     */
    public List<OutboxLine> linesFrom(long offset, int maxBytes) throws IOException {
        return lines.from(offset, maxBytes);
    }

    /**
     * Whether at {@code offset} there is a line longer than any record of which a piece was looked at, 8 MiB a call of {@link
     * #linesFrom}, and more is there to be looked at: call that again, after whatever else is to be done.
     */
    public boolean isWithinLongLine(long offset) throws IOException {
        return lines.isWithinLongLine(offset);
    }

    /** The last whole line that is not blank; empty if there is none, or if it is longer than the end of a task can be. */
    public Optional<OutboxLine> lastLine() throws IOException {
        for (int tail : TAILS) {
            Optional<OutboxLine> last = lines.last(tail);
            if (last.isPresent()) {
                return last;
            }
        }
        return Optional.empty();
    }

    /** What follows {@code offset}, which no line feed ends: the last thing that a dead writer began. */
    public OutboxLine unfinishedLine(long offset) throws IOException {
        return lines.unfinishedFrom(offset);
    }

    /**
     * Remembers that everything before {@code offset} is delivered. The records are forced to disk first, so that the count
     * can never be ahead of them after a power cut, and the count itself, since the frames before it go next.
     */
    public void acknowledge(long offset) throws IOException {
        disk.syncFile(files.steps());
        OutboxFiles.replaceAtomically(files.shipped(), (offset + "\n").getBytes(US_ASCII), disk);
        disk.syncFolder(files.folder());
    }

    /**
     * Keeps a line that can never be delivered, so that it does not hold up the rest and is not lost. It is forced to the disk,
     * since the count of delivered bytes moves past it next.
     */
    public void reject(OutboxLine line) throws IOException {
        try (FileChannel rejected = OutboxFiles.open(files.rejected(), CREATE, APPEND)) {
            OutboxFiles.writeAll(rejected, line.json(), new byte[] {'\n'});
            disk.syncFile(files.rejected(), rejected);
        }
        disk.syncFolder(files.folder());
    }

    /**
     * The bytes of a frame.
     *
     * @param name its path below this folder, as its record tells it
     * @throws BrokenImageException if there is no such file, it has over 64 MiB, or it lies elsewhere: records come from
     *     programs we do not know
     */
    public byte[] readFrame(String name) throws IOException {
        Path file = frame(name);
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            throw new BrokenImageException("the frame's file is missing");
        }
        if (OutboxFiles.attributes(file).size() > MAX_FRAME_BYTES) {
            throw new BrokenImageException("the frame's file has more than " + MAX_FRAME_BYTES + " bytes");
        }
        return OutboxFiles.read(file, 0, MAX_FRAME_BYTES);
    }

    /** Removes a frame whose step is delivered. */
    public void removeFrame(String name) throws IOException {
        Files.deleteIfExists(frame(name));
    }

    /** When the writer last wrote. */
    public Instant lastWritten() throws IOException {
        Path newest = OutboxFiles.exists(files.steps()) ? files.steps() : files.folder();
        return Files.getLastModifiedTime(newest, NOFOLLOW_LINKS).toInstant();
    }

    /** Whether a writer lives that may still add to this folder. */
    public boolean hasWriter() throws IOException {
        return !FolderLock.isFree(files.writerLock());
    }

    /**
     * Removes the folder. Rejected lines move to {@code rejected/<task_id>.jsonl} in the outbox, behind those of an earlier
     * folder of the task, for people to look at. What no writer of an outbox puts into such a folder stays, and the folder with
     * it.
     */
    public void remove() throws IOException {
        moveRejectedLines();
        // Should that break off, no steps are left that would be sent again without their frames.
        Files.deleteIfExists(files.steps());
        OutboxFiles.deleteRecursively(files.frames());
        for (Path file : files.exceptFrames()) {
            Files.deleteIfExists(file);
        }
        try {
            Files.deleteIfExists(files.folder());
        } catch (DirectoryNotEmptyException e) {
            // No task any more, for all that is left is somebody else's.
            return;
        }
    }

    private void moveRejectedLines() throws IOException {
        if (!OutboxFiles.exists(files.rejected())) {
            return;
        }
        Path folder = files.outbox().resolve("rejected");
        if (Files.exists(folder, NOFOLLOW_LINKS) && !Files.isDirectory(folder, NOFOLLOW_LINKS)) {
            throw new FileSystemException(folder.toString(), null, "is a link or a file: a folder must be there");
        }
        OutboxFiles.createFolders(folder);
        Path kept = folder.resolve(id + ".jsonl");
        if (OutboxFiles.exists(kept)) {
            try (FileChannel from = OutboxFiles.open(files.rejected(), READ);
                    FileChannel to = OutboxFiles.open(kept, APPEND)) {
                Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
                disk.syncFile(kept, to);
            }
        } else {
            Files.move(files.rejected(), kept, ATOMIC_MOVE);
        }
        disk.syncFolder(folder);
        disk.syncFolder(files.outbox());
    }

    private Path frame(String name) throws BrokenImageException {
        try {
            Path file = files.folder().resolve(name).normalize();
            if (files.frames().equals(file.getParent()) && !Files.isSymbolicLink(files.frames())) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw new BrokenImageException("the frame's file has a name that cannot be");
        }
        throw new BrokenImageException("the frame's file lies outside the frames of its task");
    }

    private boolean isStartOfLine(long offset) throws IOException {
        if (offset > size()) {
            return false;
        }
        byte[] before = OutboxFiles.read(files.steps(), offset - 1, 1);
        return before.length == 1 && before[0] == '\n';
    }
}
