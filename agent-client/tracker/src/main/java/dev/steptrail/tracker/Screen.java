package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import dev.steptrail.tracker.screenshot.Redaction;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a phone shows. Nothing is decoded or encoded here: that is the writer thread's work. A picture that is none costs that
 * picture, which is counted.
 *
 * <p>Immutable, but for the bytes or pixels of its picture: they are handed over, not copied. Who paints on an image again and
 * again gives a copy.
 */
public final class Screen {
    private final ScreenshotImage picture;
    private final boolean sensitive;
    private final List<Redaction> redactions;

    private Screen(ScreenshotImage picture, boolean sensitive, List<Redaction> redactions) {
        this.picture = picture;
        this.sensitive = sensitive;
        this.redactions = redactions;
    }

    /**
     * A screen as the bytes of a PNG or a JPEG.
     *
     * @param sensitive whether it may show what only its owner should see
     */
    @SuppressWarnings("ConstantValue") // an agent's null must not surface as an exception in the agent
    public Screen(byte @Nullable [] pngOrJpeg, boolean sensitive) {
        this(ScreenshotImage.of(pngOrJpeg == null ? new byte[0] : pngOrJpeg), sensitive, List.of());
    }

    /** A screen as such bytes in base64, with or without {@code data:image/png;base64,} before it. */
    public static Screen ofBase64(@Nullable String text, boolean sensitive) {
        return new Screen(ScreenshotImage.ofBase64(text == null ? "" : text), sensitive, List.of());
    }

    /** A screen as pixels, of at most 16 million. */
    public static Screen ofImage(@Nullable BufferedImage image, boolean sensitive) {
        return image == null ? new Screen(new byte[0], sensitive) : new Screen(ScreenshotImage.of(image), sensitive, List.of());
    }

    /**
     * The same with parts that are blacked out before it is written; what {@link #png} gives is still as it was.
     *
     * @param regions in pixels from the upper left corner; null counts as all of the picture
     */
    public Screen redact(@Nullable Rectangle @Nullable ... regions) {
        // Not a constant: the first rectangle loads native libraries, which most agents never need.
        Rectangle whole = new Rectangle(Integer.MAX_VALUE, Integer.MAX_VALUE);
        List<Redaction> all = new ArrayList<>(redactions);
        for (Rectangle region : regions == null ? new Rectangle[] {whole} : regions) {
            all.add(Redaction.blackOut(region == null ? whole : region));
        }
        return new Screen(picture, sensitive, List.copyOf(all));
    }

    /**
     * The picture as PNG, for the model: made now where it was given as something else.
     *
     * @throws BrokenImageException if it is none
     */
    public byte[] png() throws BrokenImageException {
        return picture.png();
    }

    /** Whether it may show what only its owner should see. */
    public boolean sensitive() {
        return sensitive;
    }

    ScreenshotImage picture() {
        return picture;
    }

    List<Redaction> redactions() {
        return redactions;
    }
}
