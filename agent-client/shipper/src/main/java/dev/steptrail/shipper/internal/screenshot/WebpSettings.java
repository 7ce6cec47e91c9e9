package dev.steptrail.shipper.internal.screenshot;

/**
 * The settings of the WebP encoder.
 *
 * @param quality 0 to 100. Default 75.
 * @param method 0 (fast) to 6 (small). Default 2, because higher methods take more time and hardly make files smaller.
 * @param processes how many encoder processes run at once in this JVM, 1 to 64. Default: half the processors, so that
 *     half is left to the agent.
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

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be a whole number from " + least + " to " + most + ", but is " + value);
        }
    }
}
