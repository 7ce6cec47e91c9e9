package dev.steptrail.localcloud.phone.draw;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Turns text into outlines, read straight from a TrueType file on the class path: neither {@link java.awt.Font}, nor
 * fontconfig or freetype takes part, so it works on a machine where no fonts are installed and draws the same text on
 * each.
 *
 * <p>Characters are set one after the other, left to right, with the font's advance widths; there is no kerning, no
 * shaping and no bidirectional text. A character that the font lacks is set as its "missing" box. Safe for use by many
 * threads.
 */
final class Typeface {
    private final TrueTypeFont font;
    private final CmapLookup characters;
    private final double unitsPerEm;
    private final Map<Integer, Glyph> glyphs = new HashMap<>();

    private record Glyph(Path2D outline, double advance) {}

    private Typeface(TrueTypeFont font) throws IOException {
        this.font = font;
        this.characters = font.getUnicodeCmapLookup();
        this.unitsPerEm = font.getUnitsPerEm();
    }

    /** Noto Sans SC, which has Latin and simplified Chinese; parsed at first use and kept. */
    static Typeface of(Weight weight) {
        return switch (weight) {
            case REGULAR -> Regular.TYPEFACE;
            case BOLD -> Bold.TYPEFACE;
        };
    }

    /** How far {@code text} reaches to the right at {@code size} pixels an em. */
    synchronized double width(String text, double size) {
        return text.codePoints().mapToDouble(c -> glyph(c).advance()).sum() * size / unitsPerEm;
    }

    /** The outline of {@code text} at {@code size} pixels an em, its first character's baseline at {@code (x, y)}. */
    synchronized Path2D outline(String text, double size, double x, double y) {
        double scale = size / unitsPerEm;
        Path2D outline = new Path2D.Double(Path2D.WIND_NON_ZERO);
        double pen = x;
        for (int character : text.codePoints().toArray()) {
            Glyph glyph = glyph(character);
            AffineTransform placed = new AffineTransform(scale, 0, 0, -scale, pen, y);
            outline.append(glyph.outline().getPathIterator(placed), false);
            pen += glyph.advance() * scale;
        }
        return outline;
    }

    private Glyph glyph(int character) {
        return glyphs.computeIfAbsent(character, this::read);
    }

    private Glyph read(int character) {
        int id = characters.getGlyphId(character);
        try {
            return new Glyph(font.getGlyph().getGlyph(id).getPath(), font.getAdvanceWidth(id));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read glyph " + id + " of " + font, e);
        }
    }

    private static Typeface parse(String resource) {
        try (InputStream file = Typeface.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException(
                        resource + " is not on the class path: is the jar ph-fonts-noto-sans-sc missing?");
            }
            return new Typeface(new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the font " + resource, e);
        }
    }

    private static final class Regular {
        static final Typeface TYPEFACE = parse("/fonts/ttf/NotoSansSC/NotoSansSC-Regular.ttf");
    }

    private static final class Bold {
        static final Typeface TYPEFACE = parse("/fonts/ttf/NotoSansSC/NotoSansSC-Bold.ttf");
    }
}
