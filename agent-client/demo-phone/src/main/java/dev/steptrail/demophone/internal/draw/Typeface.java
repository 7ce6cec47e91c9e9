package dev.steptrail.demophone.internal.draw;

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
 * Converts text to outlines from a TrueType file on the class path. It does not use {@link java.awt.Font}, fontconfig
 * or freetype, so it works without installed fonts and gives the same result on every machine.
 *
 * <p>Characters are placed from left to right with the font's advance widths, without kerning, shaping or bidirectional
 * text. A character that the font lacks is drawn as its "missing" box. Thread-safe.
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

    /** Noto Sans SC, which has Latin and simplified Chinese; parsed at first use and cached. */
    static Typeface of(Weight weight) {
        return switch (weight) {
            case REGULAR -> Regular.TYPEFACE;
            case BOLD -> Bold.TYPEFACE;
        };
    }

    /** Returns the width of {@code text} at {@code size} pixels per em. */
    synchronized double width(String text, double size) {
        return text.codePoints().mapToDouble(c -> glyph(c).advance()).sum() * size / unitsPerEm;
    }

    /** Returns the outline of {@code text} at {@code size} pixels per em, with its baseline at {@code (x, y)}. */
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

    private static Typeface parse(Weight weight) {
        String resource = "fonts/" + weight.fontFile();
        try (InputStream file = Typeface.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException(
                        resource + " is not on the class path: Maven writes it into target/classes");
            }
            return new Typeface(new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the font " + resource, e);
        }
    }

    private static final class Regular {
        static final Typeface TYPEFACE = parse(Weight.REGULAR);
    }

    private static final class Bold {
        static final Typeface TYPEFACE = parse(Weight.BOLD);
    }
}
