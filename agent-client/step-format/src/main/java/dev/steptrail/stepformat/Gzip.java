package dev.steptrail.stepformat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Compresses and decompresses gzip data in memory. */
final class Gzip {
    private static final int BUFFER = 16 * 1024;

    private Gzip() {}

    static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /**
     * Decompresses gzip data of one member. Trailing bytes that do not start another member are ignored.
     *
     * @param maxBytes the maximum size of the decompressed data
     * @param subject the start of error messages, such as {@code the message}
     */
    static byte[] decompress(byte[] compressed, int maxBytes, String subject) throws InvalidMessageException {
        try (InputStream in = new SingleMemberInputStream(compressed)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new InvalidMessageException(subject + " inflates to more than " + maxBytes + " bytes");
            }
            return bytes;
        } catch (SecondMemberException e) {
            throw new InvalidMessageException(subject + " has more than one gzip member");
        } catch (IOException e) {
            throw new InvalidMessageException(subject + " is not gzip or is truncated");
        }
    }

    private static final class SecondMemberException extends IOException {}

    /**
     * Rejects a second member. {@link GZIPInputStream#read} calls itself at the end of each member, so thousands of
     * empty members would overflow the stack.
     */
    private static final class SingleMemberInputStream extends GZIPInputStream {
        private boolean reading;

        SingleMemberInputStream(byte[] compressed) throws IOException {
            super(new ByteArrayInputStream(compressed), BUFFER);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (reading) {
                throw new SecondMemberException();
            }
            reading = true;
            try {
                return super.read(buffer, offset, length);
            } finally {
                reading = false;
            }
        }
    }
}
