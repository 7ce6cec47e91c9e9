package dev.steptrail.cli.api;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A file that is there whole or not at all: until all of its content has come it is called {@code NAME.part}, and what had its
 * name before stays.
 */
public final class AtomicFileWriter {
    private final Path path;

    private AtomicFileWriter(Path path) {
        this.path = path;
    }

    /**
     * One that is to be there.
     *
     * @throws IOException if no file can be
     */
    public static AtomicFileWriter at(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(path + " is there and is no file: name another");
        }
        if (!Files.isDirectory(path.toAbsolutePath().resolveSibling(""))) {
            throw new IOException(path + " is in a folder that is not there: make it, or name another");
        }
        return new AtomicFileWriter(path);
    }

    /**
     * Writes all of {@code content}.
     *
     * @return its length
     */
    public long write(InputStream content) throws IOException {
        return write(content, null);
    }

    /**
     * Writes all of {@code content}, if it is what it should be.
     *
     * @param sha256 in lower-case hexadecimal; null where it is not known
     */
    public long write(InputStream content, @Nullable String sha256) throws IOException {
        Path part = path.resolveSibling(path.getFileName() + ".part");
        try {
            DigestInputStream digested = new DigestInputStream(content, sha256());
            long length;
            try (OutputStream file = Files.newOutputStream(part)) {
                length = digested.transferTo(file);
            }
            if (sha256 != null && !sha256.equals(hex(digested.getMessageDigest()))) {
                throw new IOException("what came is not what was stored: its SHA-256 is another");
            }
            Files.move(part, path, REPLACE_EXISTING);
            return length;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Whether it is there with this content. */
    public boolean holds(String sha256) throws IOException {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream file = Files.newInputStream(path)) {
            DigestInputStream digested = new DigestInputStream(file, sha256());
            digested.transferTo(OutputStream.nullOutputStream());
            return sha256.equals(hex(digested.getMessageDigest()));
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
