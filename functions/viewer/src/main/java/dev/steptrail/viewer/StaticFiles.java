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

/** All files of the viewer, in memory. Files are found by exact name, so path traversal is impossible. Immutable. */
public final class StaticFiles {
    private static final String FOLDER = "dev/steptrail/viewer/web";
    private static final String PAGE = "index.html";

    private final Map<String, StaticFile> files;
    private final String hash;
    private final String page;

    private StaticFiles(Map<String, byte[]> contents) {
        this.hash = hash(contents);
        byte[] index = contents.remove(PAGE); // a template, which is not served as a file
        if (index == null) {
            throw new IllegalStateException("the folder " + FOLDER + " does not contain " + PAGE);
        }
        this.page = new String(index, StandardCharsets.UTF_8);
        Map<String, StaticFile> byName = new TreeMap<>();
        contents.forEach((name, bytes) -> byName.put(name, StaticFile.of(name, bytes)));
        this.files = Map.copyOf(byName);
    }

    /** Reads all files from the class path. */
    public static StaticFiles load() {
        try {
            return new StaticFiles(ClasspathResources.read(FOLDER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a hash of all files. It changes with any file, so URLs that contain it can be cached indefinitely. */
    public String hash() {
        return hash;
    }

    /** Returns the template of the page, with placeholders. */
    public String page() {
        return page;
    }

    /**
     * Returns the file with this name, if it exists.
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
            throw new IllegalStateException("SHA-256 is not available", e);
        }
        contents.forEach((name, bytes) -> {
            digest.update((name + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        });
        return HexFormat.of().formatHex(digest.digest(), 0, 10);
    }
}
