package dev.steptrail.export;

import dev.steptrail.report.Pictures;
import dev.steptrail.store.model.StoredScreenshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The pictures in a ZIP, which its page finds beside itself. Not thread-safe. */
final class ZipPictures implements Pictures {
    private final Map<String, String> names = new HashMap<>();

    /** Notes a picture that is in the ZIP. */
    void add(StoredScreenshot screenshot, String name) {
        names.put(screenshot.screenshotPath(), name);
    }

    /** Whether it is there: steps that show the same have one object. */
    boolean has(StoredScreenshot screenshot) {
        return names.containsKey(screenshot.screenshotPath());
    }

    @Override
    public Optional<String> source(StoredScreenshot screenshot, boolean key) {
        return Optional.ofNullable(names.get(screenshot.screenshotPath()));
    }

    /** A page that is opened from a disk is of no origin, so its own files must be named by their scheme. */
    @Override
    public String policy() {
        return "'self' file:";
    }
}
