package dev.steptrail.demophone.internal.screen;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.TreeSet;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TTFSubsetter;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Writes the font of this module while it is built: Noto Sans SC, reduced to Latin letters, punctuation, the
 * 3,755 frequent characters of GB 2312 (its level 1) and those of the screens. Runs in the build only, since the
 * complete font has 10 MB.
 */
final class FontSubset {
    private static final String SOURCE = "/fonts/ttf/NotoSansSC/";
    private static final int FIRST_SYMBOL_ROW = 0xA1;
    private static final int LAST_SYMBOL_ROW = 0xA3;
    private static final int FIRST_CHARACTER_ROW = 0xB0;
    private static final int LAST_CHARACTER_ROW = 0xD7;

    /** The characters on the screens that are not of level 1. */
    private static final String FURTHER = "浏›";

    private FontSubset() {}

    /** Writes the font, unless it is there, and its license into the folder that is the only argument. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder);
        Path target = folder.resolve(Typeface.FILE);
        if (Files.notExists(target)) {
            Path unfinished = folder.resolve(Typeface.FILE + ".part");
            try (InputStream font = open(Typeface.FILE);
                    OutputStream output = Files.newOutputStream(unfinished)) {
                subset(font, output);
            }
            Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
        }
        try (InputStream license = open("OFL.txt")) {
            Files.copy(license, folder.resolve("OFL.txt"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void subset(InputStream file, OutputStream output) throws IOException {
        try (TrueTypeFont font = new TTFParser().parse(RandomAccessReadBuffer.createBufferFromStream(file))) {
            TTFSubsetter subsetter = new TTFSubsetter(font);
            subsetter.addAll(characters());
            subsetter.writeToStream(output);
        }
    }

    private static Set<Integer> characters() {
        Set<Integer> characters = new TreeSet<>();
        addAll(characters, ' ', '~');
        addAll(characters, 0xA0, 0xFF);
        addAll(characters, 0x2010, 0x2027);
        FURTHER.codePoints().forEach(characters::add);
        Charset charset = Charset.forName("GB2312");
        for (int row = FIRST_SYMBOL_ROW; row <= LAST_CHARACTER_ROW; row++) {
            if (row <= LAST_SYMBOL_ROW || row >= FIRST_CHARACTER_ROW) {
                for (int cell = 0xA1; cell <= 0xFE; cell++) {
                    String text = new String(new byte[] {(byte) row, (byte) cell}, charset);
                    if (text.indexOf('\uFFFD') < 0) {
                        text.codePoints().forEach(characters::add);
                    }
                }
            }
        }
        return characters;
    }

    private static void addAll(Set<Integer> characters, int first, int last) {
        for (int c = first; c <= last; c++) {
            characters.add(c);
        }
    }

    private static InputStream open(String file) throws IOException {
        InputStream stream = FontSubset.class.getResourceAsStream(SOURCE + file);
        if (stream == null) {
            throw new FileNotFoundException(SOURCE + file + " is not on the class path of the build");
        }
        return stream;
    }
}
