package dev.steptrail.tracker.internal.outbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

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
 * Gives the shipper access to a task's folder. Never modifies {@code steps.jsonl}; the file {@code shipped} contains
 * the offset up to which it is delivered. Not thread-safe; only the holder of the outbox's lock may modify the folder.
 */
public final class OutboxTask {
    /** The bytes at the end of the file that are searched for the last line: few at first, then more. */
    private static final int[] TAIL_BYTES = {16 * 1024, 1024 * 1024};

    private static final int MAX_FRAME_BYTES = 64 * 1024 * 1024;

    private static final int MAX_OFFSET_BYTES = 32;

    private final TaskFiles files;
    private final StepsFileReader stepsFile;
    private final DiskSync disk;
    private final UUID id;

    OutboxTask(Path folder, DiskSync disk) {
        this.disk = disk;
        this.files = new TaskFiles(folder);
        this.stepsFile = new StepsFileReader(files.steps());
        this.id = UUID.fromString(folder.getFileName().toString());
    }

    public UUID id() {
        return id;
    }

    public Path folder() {
        return files.folder();
    }

    /**
     * Returns the offset up to which {@code steps.jsonl} is delivered: the highest of {@code shipped} and of the file
     * names that {@link #acknowledge} creates on a full disk. An invalid offset, beyond the end of the file or inside a
     * line, counts as 0, because sending records again is harmless and skipping them is not.
     */
    public long shipped() throws IOException {
        long shipped = 0;
        try {
            shipped = parseOffset(new String(OutboxFiles.read(files.shipped(), 0, MAX_OFFSET_BYTES), US_ASCII).strip());
        } catch (NoSuchFileException none) {
            // Nothing is delivered, or the disk was full at each acknowledgement.
        }
        for (Path marker : files.shippedMarkers()) {
            shipped = Math.max(shipped, parseOffset(TaskFiles.markedOffset(marker)));
        }
        return shipped;
    }

    private long parseOffset(String text) throws IOException {
        try {
            long offset = Long.parseLong(text);
            return offset > 0 && isStartOfLine(offset) ? offset : 0;
        } catch (NumberFormatException invalid) {
            return 0;
        }
    }

    /** Returns the size of {@code steps.jsonl}; 0 if it does not exist yet. */
    public long size() throws IOException {
        return stepsFile.size();
    }

    /**
     * Returns the complete lines from {@code offset} that fit into {@code maxBytes}, but at least the first complete
     * line. The list is also empty while an overlong line is being scanned, see {@link #isInsideOverlongLine}.
     */
    public List<OutboxLine> linesFrom(long offset, int maxBytes) throws IOException {
        return stepsFile.readFrom(offset, maxBytes);
    }

    /**
     * Returns whether a line longer than {@link OutboxLine#MAX_BYTES} starts at {@code offset} and is not yet
     * completely scanned. Each call of {@link #linesFrom} scans 8 MiB of the line, so that the caller can process other
     * tasks between the calls.
     */
    public boolean isInsideOverlongLine(long offset) throws IOException {
        return stepsFile.isInsideOverlongLine(offset);
    }

    /** Returns the last complete line that is not blank; empty if no such line starts in the last 1 MiB. */
    public Optional<OutboxLine> lastLine() throws IOException {
        for (int tailBytes : TAIL_BYTES) {
            Optional<OutboxLine> last = stepsFile.readLast(tailBytes);
            if (last.isPresent()) {
                return last;
            }
        }
        return Optional.empty();
    }

    /** Returns the bytes from {@code offset} to the end of the file: a line that its writer did not complete. */
    public OutboxLine readIncompleteLine(long offset) throws IOException {
        return stepsFile.readIncomplete(offset);
    }

    /**
     * Stores that everything before {@code offset} is delivered. The records are forced to the disk before the offset,
     * so that it cannot exceed them after a power cut. The offset is forced too, because the caller then deletes the
     * frames of delivered steps.
     *
     * <p>If the offset cannot be written, because the disk is full, it is stored in the name of an empty file, which
     * needs no disk space. The frames that the caller then deletes make space for the next offset.
     */
    public void acknowledge(long offset) throws IOException {
        disk.syncFile(files.steps());
        try {
            OutboxFiles.replaceAtomically(files.shipped(), (offset + "\n").getBytes(US_ASCII), disk);
        } catch (IOException e) {
            createMarker(offset, e);
            deleteMarkersExcept(files.shippedMarker(offset));
            return;
        }
        disk.syncFolder(files.folder());
        deleteMarkersExcept(files.shipped());
    }

    private void deleteMarkersExcept(Path kept) throws IOException {
        for (Path marker : files.shippedMarkers()) {
            if (!marker.equals(kept)) {
                Files.deleteIfExists(marker);
            }
        }
    }

    /** @throws IOException {@code failure}, if the marker cannot be created either */
    private void createMarker(long offset, IOException failure) throws IOException {
        try {
            OutboxFiles.open(files.shippedMarker(offset), CREATE, WRITE).close();
            disk.syncFolder(files.folder());
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /**
     * Copies lines that can never be delivered to {@code rejected.jsonl}. The copies are forced to the disk, because
     * the delivered offset then moves past the lines. If one line cannot be written, none is, so that retries on a full
     * disk do not fill it.
     */
    public void reject(OutboxLine... lines) throws IOException {
        try (FileChannel rejected = OutboxFiles.open(files.rejected(), CREATE, APPEND)) {
            long length = rejected.size();
            try {
                for (OutboxLine line : lines) {
                    OutboxFiles.writeAll(rejected, line.json(), new byte[] {'\n'});
                }
                disk.syncFile(files.rejected(), rejected);
            } catch (IOException e) {
                rejected.truncate(length);
                throw e;
            }
        }
        disk.syncFolder(files.folder());
    }

    /**
     * Reads a frame.
     *
     * @param name the frame's path relative to this folder, from its untrusted record
     * @throws BrokenImageException if the file does not exist, exceeds 64 MiB, or lies outside the folder's frames
     */
    public byte[] readFrame(String name) throws IOException {
        Path file = resolveFrame(name);
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            throw new BrokenImageException("the frame's file is missing");
        }
        if (OutboxFiles.attributes(file).size() > MAX_FRAME_BYTES) {
            throw new BrokenImageException("the frame's file has more than " + MAX_FRAME_BYTES + " bytes");
        }
        return OutboxFiles.read(file, 0, MAX_FRAME_BYTES);
    }

    /** Deletes a frame whose step is delivered. */
    public void removeFrame(String name) throws IOException {
        Files.deleteIfExists(resolveFrame(name));
    }

    /** Returns the time of the writer's last write. */
    public Instant lastWritten() throws IOException {
        Path newest = OutboxFiles.exists(files.steps()) ? files.steps() : files.folder();
        return Files.getLastModifiedTime(newest, NOFOLLOW_LINKS).toInstant();
    }

    /** Returns whether a running process holds the writer's lock and may still add records. */
    public boolean hasWriter() throws IOException {
        return !FolderLock.isFree(files.writerLock());
    }

    /**
     * Deletes the task. Rejected lines are appended to {@code rejected/<task_id>.jsonl} in the outbox, for inspection.
     * Files that are not part of the outbox format are preserved, together with the folder.
     */
    public void remove() throws IOException {
        moveRejectedLines();
        // Delete the steps first. If the deletion is then interrupted, no step is sent again without its frames.
        Files.deleteIfExists(files.steps());
        OutboxFiles.deleteRecursively(files.frames());
        for (Path file : files.allExceptFrames()) {
            Files.deleteIfExists(file);
        }
        try {
            Files.deleteIfExists(files.folder());
        } catch (DirectoryNotEmptyException e) {
            // The folder contains other files. Without steps.jsonl and writer.lock it is no longer a task.
            return;
        }
    }

    private void moveRejectedLines() throws IOException {
        if (!OutboxFiles.exists(files.rejected())) {
            return;
        }
        Path folder = files.outbox().resolve("rejected");
        if (Files.exists(folder, NOFOLLOW_LINKS) && !Files.isDirectory(folder, NOFOLLOW_LINKS)) {
            throw new FileSystemException(folder.toString(), null, "is a link or a file; a folder is required");
        }
        OutboxFiles.createFolders(folder);
        Path target = folder.resolve(id + ".jsonl");
        if (OutboxFiles.exists(target)) {
            try (FileChannel from = OutboxFiles.open(files.rejected(), READ);
                    FileChannel to = OutboxFiles.open(target, APPEND)) {
                Channels.newInputStream(from).transferTo(Channels.newOutputStream(to));
                disk.syncFile(target, to);
            }
        } else {
            Files.move(files.rejected(), target, ATOMIC_MOVE);
        }
        disk.syncFolder(folder);
        disk.syncFolder(files.outbox());
    }

    private Path resolveFrame(String name) throws BrokenImageException {
        try {
            Path file = files.folder().resolve(name).normalize();
            if (files.frames().equals(file.getParent()) && !Files.isSymbolicLink(files.frames())) {
                return file;
            }
        } catch (InvalidPathException e) {
            throw new BrokenImageException("the frame's file name is not valid");
        }
        throw new BrokenImageException("the frame's file is outside the frames folder of its task");
    }

    private boolean isStartOfLine(long offset) throws IOException {
        if (offset > size()) {
            return false;
        }
        byte[] before = OutboxFiles.read(files.steps(), offset - 1, 1);
        return before.length == 1 && before[0] == '\n';
    }
}
