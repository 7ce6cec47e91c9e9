package dev.steptrail.report;

import dev.steptrail.store.model.StoredScreenshot;
import java.io.IOException;
import java.util.Optional;

/** Where a report has its pictures from. */
public interface Pictures {
    /**
     * What stands in the {@code src} of a picture.
     *
     * @param key whether it is one of those that tell most, and are shown large
     * @return nothing, if it is not there, or there is no room for it
     */
    Optional<String> source(StoredScreenshot screenshot, boolean key) throws IOException;

    /** What a page may load pictures from, as a source of its Content-Security-Policy. */
    String policy();
}
