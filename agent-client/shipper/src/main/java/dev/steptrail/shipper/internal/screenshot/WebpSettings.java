package dev.steptrail.shipper.internal.screenshot;

/**
 * How screenshots become WebP.
 *
 * @param quality 0 to 100, 75 by default
 * @param method 0 (fast) to 6 (small), 2 by default: the last one before more time hardly makes files smaller
 * @param processes how many encoder processes run at once in this JVM, 1 to 64, half the processors by default, the other half being
 *     the agent's
 */
public record WebpSettings(int quality, int method, int processes) {
    static final int MOST_PROCESSES = 64;

    public static final WebpSettings DEFAULT = new WebpSettings(
            75, 2, Math.min(MOST_PROCESSES, Math.max(1, Runtime.getRuntime().availableProcessors() / 2)));

    /** @throws IllegalArgumentException if one of them cannot be, in one line that names the setting */
    public WebpSettings {
        requireRange("STEPTRAIL_WEBP_QUALITY", quality, 0, 100);
        requireRange("STEPTRAIL_WEBP_METHOD", method, 0, 6);
        requireRange("STEPTRAIL_WEBP_PROCESSES", processes, 1, MOST_PROCESSES);
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be a whole number from " + least + " to " + most + ", but is " + value);
        }
    }
}
