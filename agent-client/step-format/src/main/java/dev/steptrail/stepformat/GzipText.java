package dev.steptrail.stepformat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Bytes as gzip in base64, which is text. */
final class GzipText {
    private GzipText() {}

    static String compress(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return Base64.getEncoder().encodeToString(compressed.toByteArray());
    }

    /** The bytes again, at most {@code most} of them. Bytes after the gzip that are none are passed over. */
    static byte[] expand(String text, int most) throws InvalidMessageException {
        byte[] compressed;
        try {
            compressed = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidMessageException("the message: is not base64");
        }
        try (InputStream expanding = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            byte[] bytes = expanding.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new InvalidMessageException("the message: inflates to more than " + most + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidMessageException("the message: is not gzip, or not all of it");
        }
    }
}
