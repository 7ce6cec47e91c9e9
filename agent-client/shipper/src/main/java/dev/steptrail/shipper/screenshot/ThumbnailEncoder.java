package dev.steptrail.shipper.screenshot;

import com.sksamuel.scrimage.webp.DWebpHandler;
import dev.steptrail.tracker.outbox.PngHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
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
    private static final String QUALITY = "60";
    private static final String METHOD = "2";

    private final EncoderProcesses processes;
    private final AtomicBoolean told = new AtomicBoolean();

    ThumbnailEncoder(EncoderProcesses processes) {
        this.processes = processes;
    }

    Optional<Thumbnail> encode(byte[] png) {
        try {
            byte[] webp = processes.encode(png, ThumbnailEncoder::scaled);
            return Optional.of(new Thumbnail(webp, hash(webp)));
        } catch (IOException | RuntimeException e) {
            tell("Screenshots go without thumbnails and perceptual hashes where these cannot be made", e);
            return Optional.empty();
        }
    }

    private Optional<String> hash(byte[] webp) {
        try {
            return Optional.of(PerceptualHash.ofPng(processes.run(() -> new DWebpHandler().convert(webp))));
        } catch (IOException | RuntimeException | LinkageError e) { // the one of a Java without its desktop libraries
            tell("Screenshots go without perceptual hashes where these cannot be made", e);
            return Optional.empty();
        }
    }

    private void tell(String problem, Throwable cause) {
        if (!told.getAndSet(true)) {
            LOG.warn(problem, cause);
        }
    }

    private static byte[] scaled(byte[] png) throws IOException {
        Process process = new ProcessBuilder(command(PngHeader.read(png)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(png);
            }
            byte[] webp = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new IOException("cwebp refuses the picture");
            }
            return webp;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while cwebp works", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> command(PngHeader size) throws IOException {
        Path cwebp = EncoderPrograms.cwebp().orElseThrow(() -> new IOException("no cwebp is installed in the cache"));
        double scale = Math.min(1, Math.min(MAX_WIDTH / (double) size.width(), MAX_HEIGHT / (double) size.height()));
        return List.of(
                cwebp.toString(),
                "-quiet",
                "-m",
                METHOD,
                "-q",
                QUALITY,
                "-resize",
                scaled(size.width(), scale),
                scaled(size.height(), scale),
                "-o",
                "-",
                "--",
                "-");
    }

    private static String scaled(int side, double scale) {
        return String.valueOf(Math.max(1, Math.round(side * scale)));
    }
}
