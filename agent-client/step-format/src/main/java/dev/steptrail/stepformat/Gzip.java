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
     * Returns the bytes of a gzip file of one member. Trailing bytes that do not start another member are ignored.
     *
     * @param most the maximum number of bytes
     * @param what names the data in the reason of a failure
     */
    static byte[] expand(byte[] compressed, int most, String what) throws InvalidMessageException {
        try (InputStream expanding = new OneMember(compressed)) {
            byte[] bytes = expanding.readNBytes(most + 1);
            if (bytes.length > most) {
                throw new InvalidMessageException(what + ": inflates to more than " + most + " bytes");
            }
            return bytes;
        } catch (SecondMemberException e) {
            throw new InvalidMessageException(what + ": has more than one gzip member");
        } catch (IOException e) {
            throw new InvalidMessageException(what + ": is not gzip, or not all of it");
        }
    }

    private static final class SecondMemberException extends IOException {}

    /**
     * Refuses a second member. {@link GZIPInputStream#read} calls itself at the end of each member, so thousands of empty ones would
     * overflow the stack.
     */
    private static final class OneMember extends GZIPInputStream {
        private boolean reading;

        OneMember(byte[] compressed) throws IOException {
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
