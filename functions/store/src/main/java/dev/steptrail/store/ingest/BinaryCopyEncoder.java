package dev.steptrail.store.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Encodes rows in the binary format of COPY, which avoids escaping and parsing (<a
 * href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, File Formats</a>). Postgres does not convert
 * values in this format, so use the method that matches the column's type ({@link #text} for {@code json}).
 */
final class BinaryCopyEncoder {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};

    private static final long FLAGS_AND_EXTENSION_LENGTH = 0;

    private static final short END = -1;
    private static final int NULL = -1;

    /** The epoch of Postgres timestamps. */
    private static final long EPOCH = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

    private ByteBuffer bytes = ByteBuffer.allocate(96 * 1024);

    BinaryCopyEncoder() {
        bytes.put(SIGNATURE).putLong(FLAGS_AND_EXTENSION_LENGTH);
    }

    BinaryCopyEncoder beginRow(int columns) {
        ensureCapacity(Short.BYTES).putShort((short) columns);
        return this;
    }

    BinaryCopyEncoder uuid(UUID value) {
        ensureCapacity(Integer.BYTES + 2 * Long.BYTES)
                .putInt(2 * Long.BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits());
        return this;
    }

    BinaryCopyEncoder integer(int value) {
        ensureCapacity(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
        return this;
    }

    BinaryCopyEncoder bigint(@Nullable Long value) {
        return value == null ? nullValue() : eightBytes(value);
    }

    BinaryCopyEncoder bool(@Nullable Boolean value) {
        if (value == null) {
            return nullValue();
        }
        ensureCapacity(Integer.BYTES + 1).putInt(1).put((byte) (value ? 1 : 0));
        return this;
    }

    BinaryCopyEncoder timestamptz(@Nullable Instant value) {
        return value == null
                ? nullValue()
                : eightBytes((value.getEpochSecond() - EPOCH) * 1_000_000 + value.getNano() / 1_000);
    }

    BinaryCopyEncoder text(@Nullable String value) {
        if (value == null) {
            return nullValue();
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        ensureCapacity(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
        return this;
    }

    void endRows() {
        ensureCapacity(Short.BYTES).putShort(END);
    }

    int length() {
        return bytes.position();
    }

    void sendTo(CopyIn copy) throws SQLException {
        copy.writeToCopy(bytes.array(), 0, bytes.position());
        copy.flushCopy();
        bytes.clear();
    }

    private BinaryCopyEncoder nullValue() {
        ensureCapacity(Integer.BYTES).putInt(NULL);
        return this;
    }

    private BinaryCopyEncoder eightBytes(long value) {
        ensureCapacity(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
        return this;
    }

    private ByteBuffer ensureCapacity(int length) {
        if (bytes.remaining() < length) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + length));
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }
}
