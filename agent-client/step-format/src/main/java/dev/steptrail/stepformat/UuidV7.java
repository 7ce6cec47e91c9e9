package dev.steptrail.stepformat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** UUIDs of version 7: 48 bits of Unix milliseconds, then random bits, so that ids sort by time (RFC 9562, section 5.7). */
public final class UuidV7 {
    private UuidV7() {}

    /** A new id for a task that starts at {@code time}. Unique, not secret. */
    public static UUID at(Instant time) {
        byte[] random = new byte[10];
        ThreadLocalRandom.current().nextBytes(random);
        return of(time, random);
    }

    /**
     * The id made of {@code time} and of the first 74 usable bits of {@code random}: the same for the same arguments.
     *
     * @param random at least 10 bytes
     * @throws IllegalArgumentException if {@code time} lies before 1970 or after the year 10889
     */
    public static UUID of(Instant time, byte[] random) {
        long millis = time.toEpochMilli();
        if (millis < 0 || millis >= 1L << 48) {
            throw new IllegalArgumentException("a version 7 UUID cannot hold the time " + time);
        }
        ByteBuffer bits = ByteBuffer.wrap(random, 0, 10);
        long high = millis << 16 | 0x7000 | (bits.getShort() & 0x0FFF);
        long low = 0x8000_0000_0000_0000L | (bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL);
        return new UUID(high, low);
    }
}
