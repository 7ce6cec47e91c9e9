package dev.steptrail.demophone.internal.screen;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Converts text to outlines of Noto Sans SC, which has Latin and simplified Chinese, from a file on the class path. It
 * does not use {@link java.awt.Font}, fontconfig or freetype, so it works without installed fonts and gives the same
 * result on every machine.
 *
 * <p>Characters are placed from left to right with the font's advance widths, without kerning, shaping or bidirectional
 * text. A character that the font lacks is drawn as its "missing" box. Thread-safe.
 */
final class Typeface {
    static final String FILE = "NotoSansSC-Regular.ttf";

    /** Height of the box around a line of text, in ems. The baseline is one em below its top. */
    static final double LINE_HEIGHT = 1.25;

    private static final TrueTypeFont FONT = parse();
    private static final Map<Integer, Glyph> GLYPHS = new HashMap<>();

    /** An outline and its width, in ems with y downwards from the baseline. */
    private record Glyph(Path2D outline, double advance) {}

    private Typeface() {}

    /** Returns the width of {@code text} at {@code size} pixels per em. */
    static double width(String text, double size) {
        return text.codePoints().mapToDouble(c -> glyph(c).advance()).sum() * size;
    }

    /** Returns the outline of {@code text} in its line, whose box has the given position and height. */
    static Path2D outline(String text, Rectangle2D line) {
        double size = line.getHeight() / LINE_HEIGHT;
        Path2D outline = new Path2D.Double(Path2D.WIND_NON_ZERO);
        double pen = line.getX();
        for (int character : text.codePoints().toArray()) {
            Glyph glyph = glyph(character);
            AffineTransform placed = new AffineTransform(size, 0, 0, size, pen, line.getY() + size);
            outline.append(glyph.outline().getPathIterator(placed), false);
            pen += glyph.advance() * size;
        }
        return outline;
    }

    private static synchronized Glyph glyph(int character) {
        return GLYPHS.computeIfAbsent(character, Typeface::read);
    }

    private static Glyph read(int character) {
        try {
            double em = FONT.getUnitsPerEm();
            int id = FONT.getUnicodeCmapLookup().getGlyphId(character);
            Path2D outline = new Path2D.Double(
                    FONT.getGlyph().getGlyph(id).getPath(), AffineTransform.getScaleInstance(1 / em, -1 / em));
            return new Glyph(outline, FONT.getAdvanceWidth(id) / em);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the glyph of %04x".formatted(character), e);
        }
    }

    private static TrueTypeFont parse() {
        try (InputStream file = Typeface.class.getResourceAsStream("fonts/" + FILE)) {
            if (file == null) {
                throw new IllegalStateException(
                        FILE + " is not on the class path: Maven writes it into target/classes");
            }
            return new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the font " + FILE, e);
        }
    }
}
