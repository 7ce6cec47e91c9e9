package dev.steptrail.stepformat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Bytes as gzip. */
final class Gzip {
    private static final int BUFFER = 16 * 1024;

    private Gzip() {}

    static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return compressed.toByteArray();
    }

    /**
     * The bytes again, at most {@code most} of them. Bytes after the gzip data are ignored.
     *
     * @param what it is that is expanded, for the reason if it cannot be
     */
    static byte[] expand(byte[] compressed, int most, String what) throws InvalidMessageException {
        try (InputStream expanding = new GZIPInputStream(new ByteArrayInputStream(compressed), BUFFER)) {
            byte[] bytes = expanding.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new InvalidMessageException(what + ": inflates to more than " + most + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidMessageException(what + ": is not gzip, or not all of it");
        }
    }
}
