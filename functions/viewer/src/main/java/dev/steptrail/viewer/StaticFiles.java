package dev.steptrail.viewer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** All files of the viewer, in memory. Files are found by exact name, so path traversal is impossible. Immutable. */
public final class StaticFiles {
    private static final String FOLDER = "dev/steptrail/viewer/web";
    private static final String GZIP = ".gz";
    private static final Pattern HASHED_NAME = Pattern.compile("[a-z]+-[0-9A-Z]{8}\\.(css|js)");

    private final Map<String, StaticFile> files = new HashMap<>();
    private final Map<String, String> documents = new HashMap<>();
    private final String hash;

    private StaticFiles(Map<String, byte[]> contents) {
        this.hash = hash(contents);
        contents.forEach((name, bytes) -> {
            if (name.endsWith(".html")) {
                documents.put(name, new String(bytes, StandardCharsets.UTF_8));
            } else if (name.endsWith(GZIP)) {
                String original = name.substring(0, name.length() - GZIP.length());
                files.put(original, StaticFile.of(original, bytes, true));
            } else {
                files.put(name, StaticFile.of(name, bytes, false));
            }
        });
    }

    /** Returns whether the class path contains the build folder instead of the jar, whose files may change. */
    public static boolean canChange() {
        return ClasspathResources.isFolder();
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

    /**
     * Returns the template of a page, with placeholders. Templates are not files.
     *
     * @param name such as {@code index.html}
     * @throws IllegalArgumentException if there is no template with this name
     */
    public String document(String name) {
        String document = documents.get(name);
        if (document == null) {
            throw new IllegalArgumentException("the folder " + FOLDER + " does not contain " + name);
        }
        return document;
    }

    /**
     * Returns the file with this name, if it exists.
     *
     * @param name such as {@code vendor/uplot/uPlot.esm.js}
     */
    public Optional<StaticFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /**
     * Returns the script or style of the bundle with this name, if it exists. The name contains a hash of the content.
     *
     * @param name such as {@code app-T5PLVTZO.js}
     */
    public Optional<StaticFile> bundleFile(String name) {
        return HASHED_NAME.matcher(name).matches() ? file("bundle/" + name) : Optional.empty();
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
