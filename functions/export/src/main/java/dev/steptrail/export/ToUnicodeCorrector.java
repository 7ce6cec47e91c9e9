package dev.steptrail.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.fontbox.cmap.CMap;
import org.apache.fontbox.cmap.CMapParser;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;

/**
 * Corrects the ToUnicode maps of a PDF, which search and copy use. A font may use one glyph for several characters of
 * the same shape, such as 飞 and the radical ⻜. For such a glyph PDFBox records the first of these characters, which may
 * not be the one in the text.
 */
final class ToUnicodeCorrector {
    private static final int MAX_GLYPH_ID = 0xFFFF;

    /** The maximum number of mappings per block in the PDF format. */
    private static final int BLOCK_SIZE = 100;

    private static final String TWO_DASHES = "\u2E3A";

    /** Maps a recorded character to the character in the text. */
    private final Map<String, String> corrections = new HashMap<>();

    /** @param text the complete text of the PDF */
    ToUnicodeCorrector(InputStream font, String text) throws IOException {
        Set<Integer> used = text.codePoints().boxed().collect(Collectors.toSet());
        if (!used.contains(TWO_DASHES.codePointAt(0))) {
            corrections.put(TWO_DASHES, "——"); // the font draws two em dashes as one glyph
        }
        try (TrueTypeFont parsed = new TTFParser().parse(new RandomAccessReadBuffer(font))) {
            CmapLookup glyphs = parsed.getUnicodeCmapLookup();
            for (int character : used) {
                List<Integer> sameGlyph = glyphs.getCharCodes(glyphs.getGlyphId(character));
                if (sameGlyph != null && !used.contains(sameGlyph.get(0))) {
                    corrections.put(Character.toString(sameGlyph.get(0)), Character.toString(character));
                }
            }
        }
    }

    void correct(PDDocument pdf) throws IOException {
        Set<COSStream> corrected = Collections.newSetFromMap(new IdentityHashMap<>());
        for (PDPage page : pdf.getPages()) {
            for (COSName name : page.getResources().getFontNames()) {
                COSBase map = page.getResources().getFont(name).getCOSObject().getDictionaryObject(COSName.TO_UNICODE);
                if (map instanceof COSStream stream && corrected.add(stream)) {
                    correct(stream);
                }
            }
        }
    }

    private void correct(COSStream stream) throws IOException {
        CMap recorded;
        try (InputStream in = stream.createInputStream()) {
            recorded = new CMapParser().parse(new RandomAccessReadBuffer(in));
        }
        Map<Integer, String> glyphs = new TreeMap<>();
        for (int glyph = 0; glyph <= MAX_GLYPH_ID; glyph++) {
            String text = recorded.toUnicode(glyph, 2);
            if (text != null) {
                glyphs.put(glyph, corrections.getOrDefault(text, text));
            }
        }
        try (OutputStream out = stream.createOutputStream(COSName.FLATE_DECODE)) {
            out.write(formatMap(glyphs).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** See "ToUnicode CMaps" in the PDF format (ISO 32000-1, 9.10.3). */
    private static String formatMap(Map<Integer, String> glyphs) {
        StringBuilder map = new StringBuilder("""
                /CIDInit /ProcSet findresource begin
                12 dict begin
                begincmap
                /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
                /CMapName /Adobe-Identity-UCS def
                /CMapType 2 def
                1 begincodespacerange
                <0000> <FFFF>
                endcodespacerange
                """);
        List<String> lines = glyphs.entrySet().stream()
                .map(glyph -> String.format(Locale.ROOT, "<%04X> <%s>\n", glyph.getKey(), hex(glyph.getValue())))
                .toList();
        for (int i = 0; i < lines.size(); i += BLOCK_SIZE) {
            List<String> block = lines.subList(i, Math.min(lines.size(), i + BLOCK_SIZE));
            map.append(block.size()).append(" beginbfchar\n");
            block.forEach(map::append);
            map.append("endbfchar\n");
        }
        return map.append("""
                endcmap
                CMapName currentdict /CMap defineresource pop
                end
                end
                """).toString();
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        text.chars().forEach(unit -> hex.append(String.format(Locale.ROOT, "%04X", unit)));
        return hex.toString();
    }
}
