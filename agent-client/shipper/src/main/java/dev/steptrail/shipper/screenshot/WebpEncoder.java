package dev.steptrail.shipper.screenshot;

import dev.steptrail.tracker.outbox.BrokenImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Makes WebP of PNG by the {@code cwebp} program that scrimage-webp brings: the PNG's bytes go to it as they are, without
 * being decoded in this process first. Thread-safe; each call is a process of its own, of which no more run at once than
 * {@link WebpSettings#processes} says, thumbnails included.
 */
public final class WebpEncoder {
    private final EncoderProcesses.Encoding encoding;
    private final EncoderProcesses processes;
    private final ThumbnailEncoder thumbnails;
    private final HangingPictures hanging = new HangingPictures();

    /** One that works as fast as it can. */
    public WebpEncoder(WebpSettings settings) {
        this(settings, () -> false);
    }

    /** One that rests three times as long as it works, for as long as an agent is at work beside it. */
    public WebpEncoder(WebpSettings settings, BooleanSupplier besideAnAgent) {
        this(settings, new EncoderProcesses(settings.processes(), besideAnAgent));
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
     * The picture as lossy WebP.
     *
     * @throws BrokenImageException if {@code png} is no picture, or one on which the encoder hung three times
     * @throws IOException if the encoder itself cannot work, or hangs
     */
    public byte[] encode(byte[] png) throws IOException {
        PngCheck.header(png);
        return hanging.encode(png, picture -> processes.encode(picture, encoding));
    }

    /** How many pictures to give it at once, so that it need not wait for uploads. */
    public int picturesAtOnce() {
        return processes.pictures();
    }

    /**
     * A small version of a picture that {@link #encode} took: at most 270 pixels wide, its proportions kept. Empty where it
     * cannot be made, which the log says once: a screenshot can do without.
     */
    public Optional<Thumbnail> thumbnail(byte[] png) {
        return thumbnails.encode(png);
    }

    /**
     * The encoder's program.
     *
     * @throws IOException if there is none for this machine, or it can be kept nowhere
     */
    public static Path program() throws IOException {
        return EncoderPrograms.installed("cwebp");
    }
}
