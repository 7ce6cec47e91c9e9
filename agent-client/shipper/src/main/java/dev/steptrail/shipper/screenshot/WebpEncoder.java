package dev.steptrail.shipper.screenshot;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Encodes PNG as WebP with the {@code cwebp} program of scrimage-webp, which reads the PNG itself, so that this process does not decode
 * it. Each call starts a process. All encoders of this JVM with the same {@link WebpSettings#processes} share that limit, thumbnails
 * included. Thread-safe.
 */
public final class WebpEncoder {
    private final EncoderProcesses.Encoding encoding;
    private final EncoderProcesses processes;
    private final ThumbnailEncoder thumbnails;
    private final HangingPictures hanging = new HangingPictures();

    /** An encoder that never rests. */
    public WebpEncoder(WebpSettings settings) {
        this(settings, () -> false);
    }

    /** An encoder that rests three times as long as it works while {@code besideAnAgent} is true. */
    public WebpEncoder(WebpSettings settings, BooleanSupplier besideAnAgent) {
        this(settings, EncoderProcesses.shared(settings.processes(), besideAnAgent));
    }

    private WebpEncoder(WebpSettings settings, EncoderProcesses processes) {
        this(settings, processes, new ThumbnailEncoder(processes));
    }

    WebpEncoder(WebpSettings settings, EncoderProcesses processes, ThumbnailEncoder thumbnails) {
        this(png -> Cwebp.encode(png, settings.quality(), settings.method()), processes, thumbnails);
    }

    WebpEncoder(EncoderProcesses.Encoding encoding, EncoderProcesses processes, ThumbnailEncoder thumbnails) {
        this.encoding = encoding;
        this.processes = processes;
        this.thumbnails = thumbnails;
    }

    /**
     * Encodes a picture as lossy WebP.
     *
     * @throws BrokenImageException if {@code png} is not a picture, or the encoder hung on it three times
     * @throws IOException if the encoder itself fails, or hangs
     */
    public byte[] encode(byte[] png) throws IOException {
        PngCheck.header(png);
        return hanging.encode(png, picture -> processes.encode(picture, encoding));
    }

    /** How many threads should use this encoder, so that it does not wait for uploads. */
    public int picturesAtOnce() {
        return processes.pictures();
    }

    /**
     * Makes a thumbnail of a picture that {@link #encode} accepted, at most 270 pixels wide. Returns empty, and logs once, if that fails,
     * because a screenshot is useful without one.
     */
    public Optional<Thumbnail> thumbnail(byte[] png) {
        return thumbnails.encode(png);
    }

    /**
     * The path of the encoder's program, which is installed if it is missing.
     *
     * @throws IOException if there is none for this machine, or no folder to install it in
     */
    public static Path program() throws IOException {
        return EncoderPrograms.installed("cwebp");
    }
}
