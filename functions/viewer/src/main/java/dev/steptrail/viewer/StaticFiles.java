package dev.steptrail.viewer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All files of the viewer, in memory. Files are found by exact name, so path traversal is impossible. Immutable. */
public final class StaticFiles {
    private static final String FOLDER = "dev/steptrail/viewer/web/bundle";
    private static final String DOCUMENT = "app.html";

    /** The build compresses these files. Their names contain a hash of the content. */
    private static final Pattern FILE = Pattern.compile("([a-z]+-[0-9A-Z]{8}\\.(?:css|js|svg))\\.gz");

    private final Map<String, StaticFile> files = new HashMap<>();
    private final String document;

    private StaticFiles(Map<String, byte[]> contents) {
        contents.forEach((name, bytes) -> {
            Matcher file = FILE.matcher(name);
            if (file.matches()) {
                files.put(file.group(1), StaticFile.of(file.group(1), bytes));
            }
        });
        byte[] page = contents.get(DOCUMENT);
        if (page == null) {
            throw new IllegalStateException("the folder " + FOLDER + " does not contain " + DOCUMENT);
        }
        this.document = new String(page, StandardCharsets.UTF_8);
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

    /** Returns the template of the page, with a placeholder for the configuration. The template is not a file. */
    public String document() {
        return document;
    }

    /**
     * Returns the file with this name, if it exists. The name contains a hash of the content, so that the file can be
     * cached indefinitely.
     *
     * @param name such as {@code app-T5PLVTZO.js}
     */
    public Optional<StaticFile> file(String name) {
        return Optional.ofNullable(files.get(name));
    }
}
