package dev.steptrail.viewer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All files of the viewer, held in memory: whoever asks for a file names one of these, or gets nothing, and no name leads anywhere
 * else. Immutable.
 */
public final class StaticFiles {
    private static final String FOLDER = "dev/steptrail/viewer/web";
    private static final String PAGE = "index.html";

    private final Map<String, StaticFile> files;
    private final String hash;
    private final String page;

    private StaticFiles(Map<String, byte[]> contents) {
        this.hash = hash(contents);
        byte[] index = contents.remove(PAGE); // which is no file until it is filled in
        if (index == null) {
            throw new IllegalStateException(FOLDER + " has no " + PAGE);
        }
        this.page = new String(index, StandardCharsets.UTF_8);
        Map<String, StaticFile> named = new TreeMap<>();
        contents.forEach((name, bytes) -> named.put(name, StaticFile.of(name, bytes)));
        this.files = Map.copyOf(named);
    }

    /** Reads them from where this class comes from. */
    public static StaticFiles load() {
        try {
            return new StaticFiles(ClassPathFolder.read(FOLDER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another one as soon as any file is another one: what was loaded under it never changes. */
    public String hash() {
        return hash;
    }

    /** The one page, whose placeholders are not yet filled. */
    public String page() {
        return page;
    }

    /**
     * The file of this name, if there is one.
     *
     * @param name such as {@code vendor/uplot/uPlot.esm.js}
     */
    public Optional<StaticFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    private static String hash(Map<String, byte[]> contents) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        contents.forEach((name, bytes) -> {
            digest.update((name + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        });
        return HexFormat.of().formatHex(digest.digest(), 0, 10);
    }
}
