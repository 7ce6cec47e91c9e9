package dev.steptrail.stepformat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Generates UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits. */
public final class UuidV7 {
    private UuidV7() {}

    /** Generates an id for {@code time}. The random bits are not cryptographically secure. */
    public static UUID at(Instant time) {
        byte[] random = new byte[10];
        ThreadLocalRandom.current().nextBytes(random);
        return of(time, random);
    }

    /**
     * Builds an id from {@code time} and 74 bits of {@code random}. Equal arguments give equal ids.
     *
     * @param random at least 10 bytes
     * @throws IllegalArgumentException if {@code time} is before 1970 or after the year 10889
     */
    public static UUID of(Instant time, byte[] random) {
        long millis = time.toEpochMilli();
        if (millis < 0 || millis >= 1L << 48) {
            throw new IllegalArgumentException("time is out of range for a version 7 UUID: " + time);
        }
        ByteBuffer bits = ByteBuffer.wrap(random, 0, 10);
        long high = millis << 16 | 0x7000 | (bits.getShort() & 0x0FFF);
        long low = 0x8000_0000_0000_0000L | (bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL);
        return new UUID(high, low);
    }
}
