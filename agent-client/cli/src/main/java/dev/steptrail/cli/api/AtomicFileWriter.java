package dev.steptrail.cli.api;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.tracker.internal.outbox.AtomicFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Writes a file atomically: its name is {@code NAME.part} until all of its content is written. */
public final class AtomicFileWriter {
    /** Opens the content of a file. */
    public interface Source {
        InputStream open() throws IOException;
    }

    private final Path path;

    /** @throws IOException if no file can be created at {@code path} */
    public AtomicFileWriter(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(path + " exists and is not a file: choose another path");
        }
        if (!Files.isDirectory(path.toAbsolutePath().resolveSibling(""))) {
            throw new IOException(path + " is in a folder that does not exist: create it, or choose another path");
        }
        this.path = path;
    }

    /**
     * Writes {@code content}, replacing an existing file.
     *
     * @param sha256 the expected hash, in lower-case hexadecimal; null if it is unknown
     * @return the number of bytes
     */
    public long write(InputStream content, @Nullable String sha256) throws IOException {
        Path part = path.resolveSibling(path.getFileName() + ".part");
        AtomicFile.replace(path, part, file -> {
            Files.copy(content, file, REPLACE_EXISTING);
            if (sha256 != null && !sha256.equals(sha256(file))) {
                throw new IOException("the downloaded content is damaged: its SHA-256 differs");
            }
        });
        return Files.size(path);
    }

    /** Writes {@code content}, replacing an existing file. */
    public void write(byte[] content) throws IOException {
        write(new ByteArrayInputStream(content), null);
    }

    /**
     * Writes the content unless the file already has it.
     *
     * @param sha256 the hash of the content; null if it is unknown
     * @return whether the content was written
     */
    public boolean writeUnlessPresent(@Nullable String sha256, Source source) throws IOException {
        if (sha256 != null && Files.isRegularFile(path) && sha256.equals(sha256(path))) {
            return false;
        }
        try (InputStream content = source.open()) {
            write(content, sha256);
        }
        return true;
    }

    private static String sha256(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), Sha256.digest())) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        }
    }
}
