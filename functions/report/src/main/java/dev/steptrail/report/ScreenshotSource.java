package dev.steptrail.report;

import dev.steptrail.store.model.StoredScreenshot;
import java.io.IOException;
import java.util.Optional;

/** Provides the screenshots of a report. */
public interface ScreenshotSource {
    /**
     * Returns the value of the {@code src} attribute of a screenshot.
     *
     * @param isKeyScreenshot whether it is a key screenshot, which is displayed larger
     * @return empty if the screenshot does not exist or the size limit is reached
     */
    Optional<String> source(StoredScreenshot screenshot, boolean isKeyScreenshot) throws IOException;

    /** Returns the image sources that the page's Content-Security-Policy must allow. */
    String allowedSources();
}
