package dev.steptrail.report;

import dev.steptrail.store.model.StoredScreenshot;
import java.io.IOException;
import java.util.Optional;

/** Provides the screenshots of a report. */
public interface ScreenshotSource {
    /**
     * Returns the {@code src} of a screenshot.
     *
     * @param key whether it is a key screenshot, which is shown large
     * @return empty if the screenshot does not exist or the size limit is reached
     */
    Optional<String> source(StoredScreenshot screenshot, boolean key) throws IOException;

    /** Returns the sources of images for the page's Content-Security-Policy. */
    String policy();
}
