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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TTFSubsetter;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;

/**
 * Writes the font of this module while it is built: Noto Sans SC, reduced to Latin letters, punctuation, the 3,755
 * frequent characters of GB 2312 (its level 1) and those of the screens. Runs in the build only, since the complete
 * font has 10 MB.
 */
final class FontSubset {
    private static final String SOURCE = "/fonts/ttf/NotoSansSC/";
    private static final Charset GB2312 = Charset.forName("GB2312");

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
        return IntStream.rangeClosed(' ', 0xFFFF)
                .filter(c -> c <= 0xFF || (c >= 0x2010 && c <= 0x2027) || FURTHER.indexOf(c) >= 0 || isFrequent(c))
                .boxed()
                .collect(Collectors.toSet());
    }

    /** Returns whether GB 2312 has the character in its rows of symbols or of level 1. */
    private static boolean isFrequent(int character) {
        byte[] code = Character.toString(character).getBytes(GB2312);
        int row = code.length == 2 ? code[0] & 0xFF : 0;
        return (row >= 0xA1 && row <= 0xA3) || (row >= 0xB0 && row <= 0xD7);
    }

    private static InputStream open(String file) throws IOException {
        InputStream stream = FontSubset.class.getResourceAsStream(SOURCE + file);
        if (stream == null) {
            throw new FileNotFoundException(SOURCE + file + " is not on the class path of the build");
        }
        return stream;
    }
}
