package dev.steptrail.shipper.internal.screenshot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.internal.outbox.PngHeader;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes PNG as WebP with the {@code cwebp} program of scrimage-webp, so that this process does not decode the PNG.
 * Each call starts a process. PNG and WebP go through pipes, because temporary files would remain if this process were
 * killed. An encoder waits while {@link WebpSettings#processes} processes run in this JVM, including those of other
 * encoders and for thumbnails. Thread-safe.
 */
public final class WebpEncoder {
    private static final Logger LOG = LoggerFactory.getLogger(WebpEncoder.class);

    /** Limits the memory for decoding. About 20 times the pixels of a phone's screen. */
    private static final long MAX_PIXELS = 64_000_000;

    /** The maximum width and height of the WebP format. */
    private static final int MAX_SIDE = 16_383;

    private static final int MAX_ATTEMPTS = 3;

    private static final int THUMBNAIL_MAX_WIDTH = 270;
    private static final int THUMBNAIL_MAX_HEIGHT = 1_200;
    private static final int THUMBNAIL_QUALITY = 60;
    private static final int THUMBNAIL_METHOD = 2;

    /** The size of the RIFF header (12 bytes) and of an empty chunk (8 bytes). */
    private static final int MIN_WEBP_BYTES = 20;

    private static final int SIZE_OFFSET = 4;
    private static final int FORM_TYPE_OFFSET = 8;

    private final EncoderProcesses.Encoding encoding;
    private final EncoderProcesses.Encoding thumbnailer;
    private final EncoderProcesses processes;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * A thumbnail of a screenshot.
     *
     * @param perceptualHash 16 lower-case hexadecimal digits that are equal or differ in a few bits for similar images;
     *     empty if it could not be computed
     */
    @SuppressWarnings("ArrayRecordComponent") // stored, never compared
    public record Thumbnail(byte[] webp, Optional<String> perceptualHash) {}

    /** Creates an encoder that never pauses. */
    public WebpEncoder(WebpSettings settings) {
        this(settings, () -> false);
    }

    /** Creates an encoder that pauses for three times its working time, at most 1 s, while {@code agentActive}. */
    public WebpEncoder(WebpSettings settings, BooleanSupplier agentActive) {
        this(
                png -> cwebp(png, settings.quality(), settings.method()),
                WebpEncoder::encodeThumbnail,
                EncoderProcesses.shared(settings.processes(), agentActive));
    }

    WebpEncoder(EncoderProcesses.Encoding encoding, EncoderProcesses.Encoding thumbnailer, EncoderProcesses processes) {
        this.encoding = encoding;
        this.thumbnailer = thumbnailer;
        this.processes = processes;
    }

    /**
     * Reads the header of a PNG.
     *
     * @throws BrokenImageException if it is not a PNG, or larger than WebP allows
     */
    public static PngHeader readHeader(byte[] png) throws BrokenImageException {
        PngHeader header = PngHeader.read(png);
        int width = header.width();
        int height = header.height();
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
            throw new BrokenImageException("the screenshot is too large: " + width + " by " + height
                    + " pixels; the maximum is " + MAX_SIDE + " for each side and " + MAX_PIXELS + " in total");
        }
        return header;
    }

    /**
     * Decodes and encodes the image, which repairs damage outside of its pixels, such as a wrong checksum.
     *
     * @throws BrokenImageException if the pixels cannot be decoded, or are too many
     */
    static byte[] reencode(byte[] png) throws BrokenImageException {
        readHeader(png);
        try {
            return ScreenshotImage.of(ScreenshotImage.of(png).image()).png();
        } catch (BrokenImageException undecodable) { // or too large; its message addresses users of the tracker
            throw new BrokenImageException("the screenshot cannot be decoded");
        }
    }

    /**
     * Decodes the whole image, but keeps only a few of its pixels in memory.
     *
     * @throws BrokenImageException if it is not a PNG, is truncated, or is larger than WebP allows
     */
    public static void requireComplete(byte[] png) throws BrokenImageException {
        PngHeader header = readHeader(png);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(png))) {
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                ImageReadParam subsampling = reader.getDefaultReadParam();
                subsampling.setSourceSubsampling(Math.min(64, header.width()), Math.min(64, header.height()), 0, 0);
                reader.read(0, subsampling);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException unreadable) {
            throw new BrokenImageException("the screenshot is damaged or truncated");
        }
    }

    /**
     * Encodes a screenshot as lossy WebP.
     *
     * @throws BrokenImageException if {@code png} is not a valid image, or the encoder timed out on it three times but
     *     could encode another image in between
     * @throws IOException if the encoder itself fails, or times out on each image
     */
    public byte[] encode(byte[] png) throws IOException {
        readHeader(png);
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            try {
                return processes.encode(png, encoding);
            } catch (PipedProcess.ProcessTimeoutException timeout) {
                if (!canEncodeAnotherImage()) {
                    throw timeout;
                }
            }
        }
        throw new BrokenImageException("the encoder timed out on the screenshot " + MAX_ATTEMPTS + " times");
    }

    /** Returns whether a small image can be encoded. If not, the machine is the cause, such as a slow network drive. */
    private boolean canEncodeAnotherImage() {
        try {
            processes.encode(
                    ScreenshotImage.of(new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB))
                            .png(),
                    encoding);
            return true;
        } catch (IOException failsToo) {
            return false;
        }
    }

    /** Returns how many threads should use this encoder to keep it busy during uploads. */
    public int concurrency() {
        return processes.concurrency();
    }

    /**
     * Creates a thumbnail of a screenshot that {@link #encode} accepted, at most 270 pixels wide. If that fails,
     * returns empty and logs a warning once. Scaling in {@code cwebp} takes a third of the time that Java needs to
     * decode the image.
     */
    public Optional<Thumbnail> createThumbnail(byte[] png) {
        try {
            byte[] webp = processes.encode(png, thumbnailer);
            return Optional.of(new Thumbnail(webp, perceptualHash(webp)));
        } catch (IOException | RuntimeException e) {
            warnOnce("Failed to create a thumbnail; affected screenshots have no thumbnail and no perceptual hash", e);
            return Optional.empty();
        }
    }

    /**
     * Computes the perceptual hash of a picture, for comparison with those of {@link #createThumbnail}.
     *
     * @param image WebP, PNG or JPEG
     * @throws IOException if it is not a valid image
     */
    public static String computePerceptualHash(byte[] image) throws IOException {
        try {
            return PerceptualHash.compute(
                    isComplete(image)
                            ? image
                            : encodeThumbnail(ScreenshotImage.of(image).png()));
        } catch (PipedProcess.RejectedInputException e) {
            throw new BrokenImageException("the image is damaged");
        }
    }

    private Optional<String> perceptualHash(byte[] webp) {
        try {
            return Optional.of(processes.run(() -> PerceptualHash.compute(webp)));
        } catch (IOException | RuntimeException e) {
            warnOnce("Failed to compute a perceptual hash; affected screenshots have none", e);
            return Optional.empty();
        }
    }

    private void warnOnce(String problem, Throwable cause) {
        if (!warned.getAndSet(true)) {
            LOG.warn(problem, cause);
        }
    }

    /**
     * Returns the path of {@code cwebp}, after installing it if it is missing.
     *
     * @throws IOException if there is no program for this machine, or no folder is writable
     */
    public static Path installProgram() throws IOException {
        return EncoderPrograms.installIfMissing("cwebp");
    }

    private static byte[] encodeThumbnail(byte[] png) throws IOException {
        PngHeader size = PngHeader.read(png);
        double scale = Math.min(
                1,
                Math.min(THUMBNAIL_MAX_WIDTH / (double) size.width(), THUMBNAIL_MAX_HEIGHT / (double) size.height()));
        return cwebp(
                png,
                THUMBNAIL_QUALITY,
                THUMBNAIL_METHOD,
                "-resize",
                scaleSide(size.width(), scale),
                scaleSide(size.height(), scale));
    }

    private static String scaleSide(int side, double scale) {
        return String.valueOf(Math.max(1, Math.round(side * scale)));
    }

    /**
     * Runs {@code cwebp}.
     *
     * @param options further options
     * @throws PipedProcess.RejectedInputException if it rejects the PNG
     * @throws IOException if it fails, or its output is not a complete WebP
     */
    static byte[] cwebp(byte[] png, int quality, int method, String... options) throws IOException {
        Path program = installProgram();
        List<String> command = new ArrayList<>(
                List.of(program.toString(), "-quiet", "-m", String.valueOf(method), "-q", String.valueOf(quality)));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", "-", "--", "-"));
        byte[] webp = PipedProcess.run(command, png);
        if (!isComplete(webp)) {
            throw new IOException(program + " wrote " + webp.length + " bytes that are not a complete WebP");
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
