package dev.steptrail.shipper.screenshot;

import dev.steptrail.tracker.outbox.PngHeader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes thumbnails by {@code cwebp}, which scales while it encodes: a third of the time that Java takes to decode the
 * picture, and none of this process's memory. Thread-safe.
 */
final class ThumbnailEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(ThumbnailEncoder.class);

    private static final int MAX_WIDTH = 270;
    private static final int MAX_HEIGHT = 1_200;
    private static final int QUALITY = 60;
    private static final int METHOD = 2;

    private final EncoderProcesses processes;
    private final EncoderProcesses.Encoding scaling;
    private final AtomicBoolean warned = new AtomicBoolean();

    ThumbnailEncoder(EncoderProcesses processes) {
        this(processes, ThumbnailEncoder::scaled);
    }

    ThumbnailEncoder(EncoderProcesses processes, EncoderProcesses.Encoding scaling) {
        this.processes = processes;
        this.scaling = scaling;
    }

    Optional<Thumbnail> encode(byte[] png) {
        try {
            byte[] webp = processes.encode(png, scaling);
            return Optional.of(new Thumbnail(webp, hash(webp)));
        } catch (IOException | RuntimeException e) {
            warnOnce("Failed to make a thumbnail; such screenshots have no thumbnail and no perceptual hash", e);
            return Optional.empty();
        }
    }

    private Optional<String> hash(byte[] webp) {
        try {
            return Optional.of(processes.run(() -> PerceptualHash.ofWebp(webp)));
        } catch (IOException | RuntimeException e) {
            warnOnce("Failed to compute a perceptual hash; such screenshots have none", e);
            return Optional.empty();
        }
    }

    private void warnOnce(String problem, Throwable cause) {
        if (!warned.getAndSet(true)) {
            LOG.warn(problem, cause);
        }
    }

    private static byte[] scaled(byte[] png) throws IOException {
        PngHeader size = PngHeader.read(png);
        double scale = Math.min(1, Math.min(MAX_WIDTH / (double) size.width(), MAX_HEIGHT / (double) size.height()));
        return Cwebp.encode(png, QUALITY, METHOD, "-resize", scaled(size.width(), scale), scaled(size.height(), scale));
    }

    private static String scaled(int side, double scale) {
        return String.valueOf(Math.max(1, Math.round(side * scale)));
    }
}
