package dev.steptrail.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.stepformat.Sha256;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.retention.ArchiveRepository.Archive;
import dev.steptrail.store.retention.TaskRowReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes an archive: JSON Lines in gzip, a header followed by the rows. The header contains the count and hash of the
 * rows, so the rows are first written to a temporary file. Memory use is constant. Not thread-safe.
 */
public final class ArchiveWriter implements TaskRowReader.LineConsumer, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path rowFile;
    private final MessageDigest digest = Sha256.digest();
    private @Nullable OutputStream rows;

    /** @param rowFile a temporary file for the rows; the caller must delete it */
    public ArchiveWriter(Path rowFile) {
        this.rowFile = rowFile;
    }

    @Override
    public void clear() throws IOException {
        close();
        digest.reset();
        rows = new DigestOutputStream(
                new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(rowFile))), digest);
    }

    @Override
    public void add(String line) throws IOException {
        OutputStream out = rows;
        if (out == null) {
            throw new IllegalStateException("clear() must be called first");
        }
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes the header and the added rows to a file.
     *
     * @param added the part, owner and counts of the rows that were added
     * @return a description of the archive, including its key in the bucket
     */
    public Archive finish(UUID taskId, TaskRowReader.Rows added, Path file) throws IOException {
        close();
        ArchiveHeader header = new ArchiveHeader(
                ArchiveHeader.VERSION,
                taskId,
                added.part(),
                added.steps(),
                added.screenshots(),
                HexFormat.of().formatHex(digest.digest()));
        try (InputStream addedRows = new GZIPInputStream(Files.newInputStream(rowFile));
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(JSON.writeValueAsBytes(header));
            out.write('\n');
            addedRows.transferTo(out);
        }
        return new Archive(
                taskId,
                added.part(),
                ArchiveKeys.of(added.owner(), taskId, added.part()),
                header.sha256(),
                added.steps(),
                added.screenshots(),
                added.totalSteps());
    }

    @Override
    public void close() throws IOException {
        if (rows != null) {
            rows.close();
            rows = null;
        }
    }
}
