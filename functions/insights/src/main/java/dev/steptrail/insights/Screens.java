package dev.steptrail.insights;

/** Compares what was seen, by perceptual hashes of 64 bits. */
final class Screens {
    /** A clock that went on or a blinking cursor turns a bit or two; another page of an app some twenty. */
    private static final int MOST_BITS = 6;

    private Screens() {}

    static boolean alike(long one, long other) {
        return Long.bitCount(one ^ other) <= MOST_BITS;
    }
}
