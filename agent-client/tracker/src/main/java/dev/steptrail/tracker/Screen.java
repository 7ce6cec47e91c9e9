package dev.steptrail.tracker;

import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import dev.steptrail.tracker.screenshot.Redaction;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A screenshot of a phone with its sensitivity and redactions. Constructors do not decode or encode the image; the
 * writer thread does. An invalid image is dropped and counted as {@code not_an_image}.
 *
 * <p>Immutable, except that the bytes or pixels of the image are not copied: the caller must not change them
 * afterwards. A caller that reuses an image buffer must pass a copy.
 */
public final class Screen {
    private final ScreenshotImage image;
    private final boolean sensitive;
    private final List<Redaction> redactions;

    private Screen(ScreenshotImage image, boolean sensitive, List<Redaction> redactions) {
        this.image = image;
        this.sensitive = sensitive;
        this.redactions = redactions;
    }

    /**
     * Creates a screen from the bytes of a PNG or a JPEG.
     *
     * @param sensitive whether the screen may show private data
     */
    @SuppressWarnings("ConstantValue") // a null from the agent must not cause an exception in the agent
    public Screen(byte @Nullable [] pngOrJpeg, boolean sensitive) {
        this(ScreenshotImage.of(pngOrJpeg == null ? new byte[0] : pngOrJpeg), sensitive, List.of());
    }

    /** Creates a screen from a PNG or JPEG in base64, with or without a {@code data:image/png;base64,} prefix. */
    public static Screen ofBase64(@Nullable String text, boolean sensitive) {
        return new Screen(ScreenshotImage.ofBase64(text == null ? "" : text), sensitive, List.of());
    }

    /** Creates a screen from an image of at most 16 million pixels. */
    public static Screen ofImage(@Nullable BufferedImage image, boolean sensitive) {
        return image == null
                ? new Screen(new byte[0], sensitive)
                : new Screen(ScreenshotImage.of(image), sensitive, List.of());
    }

    /**
     * Returns a copy with regions to black out before the screenshot is written; {@link #png} returns the original.
     *
     * @param regions in pixels from the upper left corner; null means the whole image, and no region redacts nothing
     */
    public Screen redact(@Nullable Rectangle @Nullable ... regions) {
        // Not a constant, because creating a Rectangle loads native libraries that most agents do not need.
        Rectangle wholeImage = new Rectangle(Integer.MAX_VALUE, Integer.MAX_VALUE);
        List<Redaction> newRedactions = new ArrayList<>(redactions);
        for (Rectangle region : regions == null ? new Rectangle[] {wholeImage} : regions) {
            newRedactions.add(Redaction.blackOut(region == null ? wholeImage : region));
        }
        return new Screen(image, sensitive, List.copyOf(newRedactions));
    }

    /**
     * Returns the image as PNG, for the model. Other formats are converted at each call.
     *
     * @throws BrokenImageException if the image is invalid or too large to be converted
     */
    public byte[] png() throws BrokenImageException {
        return image.png();
    }

    /** Returns whether the screen may show private data. */
    public boolean sensitive() {
        return sensitive;
    }

    ScreenshotImage image() {
        return image;
    }

    List<Redaction> redactions() {
        return redactions;
    }
}
