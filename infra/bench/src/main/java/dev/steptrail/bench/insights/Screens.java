package dev.steptrail.bench.insights;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The screens of a group's phone by their perceptual hashes. Two looks at one screen differ by 0 to 3 bits, those at two screens by at
 * least {@value #LEAST_DIFFERENCE}.
 */
final class Screens {
    static final int LEAST_DIFFERENCE = 20;

    /** These three bits are where the clock is, so they say nothing of the screen. */
    private static final long CLOCK = 0x0000_0000_0001_0101L;

    private final long[] hashes;

    private Screens(long[] hashes) {
        this.hashes = hashes;
    }

    static Screens drawn(int count, RandomGenerator random) {
        long[] hashes = new long[count];
        int drawn = 0;
        while (drawn < count) {
            long hash = random.nextLong() & ~CLOCK;
            if (isUnlike(hash, hashes, drawn)) {
                hashes[drawn++] = hash;
            }
        }
        return new Screens(hashes);
    }

    private static boolean isUnlike(long hash, long[] others, int count) {
        for (int i = 0; i < count; i++) {
            if (Long.bitCount(hash ^ others[i]) < LEAST_DIFFERENCE) {
                return false;
            }
        }
        return true;
    }

    /** The hash of a look at it, 16 hex digits. */
    String look(int screen, RandomGenerator random) {
        return HexFormat.of().toHexDigits(hashes[screen] | (random.nextLong() & CLOCK));
    }
}
