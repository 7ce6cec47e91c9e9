package dev.steptrail.stepformat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
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
     * The bytes again, at most {@code most} of them. Bytes after the gzip that are none are passed over.
     *
     * @param what it is that is expanded, for the reason if it cannot be
     */
    static byte[] expand(byte[] compressed, int most, String what) throws InvalidMessageException {
        try (InputStream expanding = new GZIPInputStream(new ByteArrayInputStream(compressed), BUFFER)) {
            byte[] bytes = new byte[likelyLength(compressed, most)];
            int length = expanding.readNBytes(bytes, 0, bytes.length);
            if (length < bytes.length) {
                return Arrays.copyOf(bytes, length);
            }
            byte[] rest = expanding.readNBytes(most + 1 - length);
            if (rest.length > 0) {
                bytes = Arrays.copyOf(bytes, length + rest.length);
                System.arraycopy(rest, 0, bytes, length, rest.length);
            }
            if (bytes.length > most) {
                throw new InvalidMessageException(what + ": inflates to more than " + most + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new InvalidMessageException(what + ": is not gzip, or not all of it");
        }
    }

    /** As its last four bytes tell (RFC 1952, ISIZE), if they tell the truth and nothing follows: then it is expanded in one piece. */
    private static int likelyLength(byte[] compressed, int most) {
        if (compressed.length < Integer.BYTES) {
            return 0;
        }
        int told = ByteBuffer.wrap(compressed).order(ByteOrder.LITTLE_ENDIAN).getInt(compressed.length - Integer.BYTES);
        // Deflate makes of a byte 1032 at most.
        long possible = Math.min(most, 1032L * compressed.length);
        return told >= 0 && told <= possible ? told : 0;
    }
}
