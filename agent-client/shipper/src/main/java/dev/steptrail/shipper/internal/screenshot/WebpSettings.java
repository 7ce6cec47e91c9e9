package dev.steptrail.shipper.internal.screenshot;

/**
 * The settings of the WebP encoder.
 *
 * @param quality 0 to 100. Default 75.
 * @param method 0 (fast) to 6 (small). Default 2, because higher methods take more time and hardly make files smaller.
 * @param processes the maximum number of encoder processes at once in this JVM, 1 to 64. Default: half the number of
 *     processors, so that the others are left to the agent.
 */
public record WebpSettings(int quality, int method, int processes) {
    static final int MAX_PROCESSES = 64;

    public static final WebpSettings DEFAULT = new WebpSettings(
            75, 2, Math.min(MAX_PROCESSES, Math.max(1, Runtime.getRuntime().availableProcessors() / 2)));

    /** @throws IllegalArgumentException if a value is out of range; the message is one line that names the setting */
    public WebpSettings {
        requireRange("STEPTRAIL_WEBP_QUALITY", quality, 0, 100);
        requireRange("STEPTRAIL_WEBP_METHOD", method, 0, 6);
        requireRange("STEPTRAIL_WEBP_PROCESSES", processes, 1, MAX_PROCESSES);
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " must be a whole number from " + min + " to " + max + ", but is " + value);
        }
    }
}
