package dev.steptrail.shipper.internal.screenshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.PngHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes PNG as WebP with the {@code cwebp} program of scrimage-webp, which reads the PNG itself, so that this process
 * does not decode it. Each call starts a process, and PNG and WebP go through pipes, because a temporary file would
 * remain if this process were killed. An encoder waits while {@link WebpSettings#processes} processes run in this JVM,
 * including those of other encoders and for thumbnails. Thread-safe.
 */
public final class WebpEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(WebpEncoder.class);

    private static final int THUMBNAIL_MAX_WIDTH = 270;
    private static final int THUMBNAIL_MAX_HEIGHT = 1_200;
    private static final int THUMBNAIL_QUALITY = 60;
    private static final int THUMBNAIL_METHOD = 2;

    /** RIFF, a size, WEBP, and a chunk. */
    private static final int MIN_WEBP_BYTES = 20;

    private static final int SIZE_OFFSET = 4;
    private static final int FORM_TYPE_OFFSET = 8;

    private final EncoderProcesses.Encoding encoding;
    private final EncoderProcesses.Encoding scaling;
    private final EncoderProcesses processes;
    private final EncoderHangPolicy hangPolicy = new EncoderHangPolicy();
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * A thumbnail of a screenshot.
     *
     * @param perceptualHash 16 lower-case hexadecimal digits that are equal or differ in a few bits for similar
     *     images; empty if it could not be computed
     */
    @SuppressWarnings("ArrayRecordComponent") // stored, never compared
    public record Thumbnail(byte[] webp, Optional<String> perceptualHash) {}

    /** An encoder that never pauses. */
    public WebpEncoder(WebpSettings settings) {
        this(settings, () -> false);
    }

    /** An encoder that pauses three times as long as it works, at most 1 s, while {@code agentIsWorking} is true. */
    public WebpEncoder(WebpSettings settings, BooleanSupplier agentIsWorking) {
        this(
                png -> cwebp(png, settings.quality(), settings.method()),
                WebpEncoder::scaled,
                EncoderProcesses.shared(settings.processes(), agentIsWorking));
    }

    WebpEncoder(EncoderProcesses.Encoding encoding, EncoderProcesses.Encoding scaling, EncoderProcesses processes) {
        this.encoding = encoding;
        this.scaling = scaling;
        this.processes = processes;
    }

    /**
     * Encodes a screenshot as lossy WebP.
     *
     * @throws BrokenImageException if {@code png} is not a valid image, or the encoder hung on it three times
     * @throws IOException if the encoder itself fails, or hangs
     */
    public byte[] encode(byte[] png) throws IOException {
        PngCheck.header(png);
        return hangPolicy.encode(png, image -> processes.encode(image, encoding));
    }

    /** How many threads should use this encoder to keep it busy during uploads. */
    public int concurrency() {
        return processes.concurrency();
    }

    /**
     * Makes a thumbnail of a screenshot that {@link #encode} accepted, at most 270 pixels wide. Returns empty, and logs
     * once, if that fails, because a screenshot is useful without one. {@code cwebp} scales while it encodes, in a
     * third of the time that Java takes to decode the image.
     */
    public Optional<Thumbnail> thumbnail(byte[] png) {
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

    /**
     * The path of the encoder's program, which is installed if it is missing.
     *
     * @throws IOException if there is none for this machine, or no folder is writable
     */
    public static Path program() throws IOException {
        return EncoderPrograms.installed("cwebp");
    }

    private static byte[] scaled(byte[] png) throws IOException {
        PngHeader size = PngHeader.read(png);
        double scale = Math.min(
                1,
                Math.min(THUMBNAIL_MAX_WIDTH / (double) size.width(), THUMBNAIL_MAX_HEIGHT / (double) size.height()));
        return cwebp(
                png,
                THUMBNAIL_QUALITY,
                THUMBNAIL_METHOD,
                "-resize",
                scaled(size.width(), scale),
                scaled(size.height(), scale));
    }

    private static String scaled(int side, double scale) {
        return String.valueOf(Math.max(1, Math.round(side * scale)));
    }

    /**
     * Runs {@code cwebp}.
     *
     * @param more options besides quality and method
     * @throws PipedProgram.RejectedInputException if it rejects the PNG
     * @throws IOException if it fails, or its output is not a complete WebP
     */
    static byte[] cwebp(byte[] png, int quality, int method, String... more) throws IOException {
        Path program = program();
        List<String> command = new ArrayList<>(
                List.of(program.toString(), "-quiet", "-m", String.valueOf(method), "-q", String.valueOf(quality)));
        command.addAll(List.of(more));
        command.addAll(List.of("-o", "-", "--", "-"));
        byte[] webp = PipedProgram.run(command, png);
        if (!isComplete(webp)) {
            throw new IOException(program + " did not write a complete WebP, but " + webp.length + " bytes");
        }
        return webp;
    }

    /**
     * Checks the RIFF header, whose size field counts all bytes after it
     * (https://developers.google.com/speed/webp/docs/riff_container).
     */
    private static boolean isComplete(byte[] webp) {
        return webp.length >= MIN_WEBP_BYTES
                && "RIFF".equals(new String(webp, 0, SIZE_OFFSET, US_ASCII))
                && "WEBP".equals(new String(webp, FORM_TYPE_OFFSET, 4, US_ASCII))
                && ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).getInt(SIZE_OFFSET)
                        == webp.length - FORM_TYPE_OFFSET;
    }
}
