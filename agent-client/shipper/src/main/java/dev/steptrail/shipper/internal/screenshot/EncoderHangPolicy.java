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
 * Rejects a screenshot after the encoder has hung on it three times while it could encode another image. Before that, a
 * hang counts as an encoder failure, and the screenshot is retried. Tracks the latest 2,048 screenshots. Thread-safe.
 */
final class EncoderHangPolicy {
    private static final int MAX_HANGS = 3;
    private static final int MAX_ENTRIES = 2_048;

    private final Map<String, Integer> hangs = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_ENTRIES;
        }
    });

    /**
     * Encodes a screenshot.
     *
     * @throws BrokenImageException if the screenshot is rejected
     * @throws PipedProgram.HungException if the encoder hung, and the screenshot should be retried
     */
    byte[] encode(byte[] png, EncoderProcesses.Encoding encoding) throws IOException {
        // Usually the map is empty, and the hash need not be computed.
        if (!hangs.isEmpty() && hangs.getOrDefault(Sha256.hex(png), 0) >= MAX_HANGS) {
            throw rejected();
        }
        try {
            return encoding.encode(png);
        } catch (PipedProgram.HungException hung) {
            if (canEncodeAnotherImage(encoding) && hangs.merge(Sha256.hex(png), 1, Integer::sum) >= MAX_HANGS) {
                throw rejected();
            }
            throw hung;
        }
    }

    /** Whether a small image can be encoded. If not, the cause is the machine, such as a slow network drive. */
    private static boolean canEncodeAnotherImage(EncoderProcesses.Encoding encoding) {
        try {
            encoding.encode(ScreenshotImage.of(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB))
                    .png());
            return true;
        } catch (IOException hangsOrFailsToo) {
            return false;
        }
    }

    private static BrokenImageException rejected() {
        return new BrokenImageException("the encoder hung on the screenshot " + MAX_HANGS + " times");
    }
}
