package dev.steptrail.shipper.internal.screenshot;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rejects a screenshot on which the encoder timed out three times, but could then encode another image. The first two
 * timeouts count as encoder failures: the screenshot is retried. Tracks the latest 2,048 screenshots. Thread-safe.
 */
final class EncoderHangPolicy {
    private static final int MAX_TIMEOUTS = 3;
    private static final int MAX_ENTRIES = 2_048;

    private final Map<String, Integer> timeouts = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_ENTRIES;
        }
    });

    /**
     * Encodes a screenshot.
     *
     * @throws BrokenImageException if the screenshot is rejected
     * @throws PipedProcess.ProcessTimeoutException if the encoder timed out, and the screenshot should be retried
     */
    byte[] encode(byte[] png, EncoderProcesses.Encoding encoding) throws IOException {
        // Usually the map is empty, and computing the hash is unnecessary.
        if (!timeouts.isEmpty() && timeouts.getOrDefault(Sha256.hex(png), 0) >= MAX_TIMEOUTS) {
            throw rejection();
        }
        try {
            return encoding.encode(png);
        } catch (PipedProcess.ProcessTimeoutException timeout) {
            if (canEncodeAnotherImage(encoding) && timeouts.merge(Sha256.hex(png), 1, Integer::sum) >= MAX_TIMEOUTS) {
                throw rejection();
            }
            throw timeout;
        }
    }

    /** Returns whether a small image can be encoded. If not, the machine is the cause, such as a slow network drive. */
    private static boolean canEncodeAnotherImage(EncoderProcesses.Encoding encoding) {
        try {
            encoding.encode(ScreenshotImage.of(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB))
                    .png());
            return true;
        } catch (IOException hangsOrFailsToo) {
            return false;
        }
    }

    private static BrokenImageException rejection() {
        return new BrokenImageException("the encoder timed out on the screenshot " + MAX_TIMEOUTS + " times");
    }
}
