package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/**
 * Screenshots that are too large: at least {@value #LEAST} are stored, of {@value #LARGE} bytes or more on average. A phone's screen of 1080 x 2400 takes
 * some 150,000 at the shipper's usual quality.
 */
final class PictureSizeRule implements RunRule {
    private static final int LEAST = 5;
    private static final int LARGE = 400_000;

    private final Evidence large = new Evidence();
    private int pictures;
    private long bytes;

    @Override
    public void add(RunStep step) {
        if (step.pictureBytes() == null) {
            return;
        }
        pictures++;
        bytes += step.pictureBytes();
        if (step.pictureBytes() >= LARGE) {
            large.add(step.stepNumber());
        }
    }

    @Override
    public List<Suggestion> suggestions() {
        return pictures < LEAST || bytes / pictures < LARGE
                ? List.of()
                : List.of(new Suggestion(
                        "large_screenshots",
                        large.steps(),
                        Map.of("count", large.count(), "screenshots", pictures, "mean_bytes", bytes / pictures)));
    }
}
