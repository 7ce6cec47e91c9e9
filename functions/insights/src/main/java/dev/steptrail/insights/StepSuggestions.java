package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Derives suggestions from counts: unknown apps, waits, take-over requests, slow model, large screenshots. */
final class StepSuggestions implements TaskRules.Rule {
    /** Open-AutoGLM's error for an app that is not in its list of apps: {@code App not found: 天气}. */
    private static final Pattern UNKNOWN_APP =
            Pattern.compile("(?i)app not found\\s*[:：]\\s*(\\S[^\\r\\n]{0,99})|未找到应用\\s*[:：]\\s*(\\S[^\\r\\n]{0,99})");

    private static final int MAX_APPS = 20;
    private static final int MIN_WAITS = 5;

    /** Waits are reported if there are at most this many steps per wait. */
    private static final int MAX_STEPS_PER_WAIT = 12;

    /** The minimum number of model times for {@code slow_model}, and of screenshots for {@code large_screenshots}. */
    private static final int MIN_MEASURED = 5;

    private static final int SLOW_MODEL_MS = 10_000;

    /** A screenshot of 1080 × 2400 pixels takes about 150,000 bytes at the shipper's default quality. */
    private static final int LARGE_SCREENSHOT_BYTES = 400_000;

    private final Map<String, Evidence> unknownApps = new LinkedHashMap<>();
    private int steps;
    private final Evidence waits = new Evidence();
    private long waitedMs;
    private final Evidence takeOvers = new Evidence();
    private final Evidence slowSteps = new Evidence();
    private int modelCalls;
    private long modelMs;
    private final Evidence largeScreenshots = new Evidence();
    private int screenshots;
    private long screenshotBytes;

    @Override
    public void add(TaskStep step) {
        steps++;
        if (step.error() != null) {
            addError(step.stepNumber(), step.error());
        }
        if (ActionNames.isWait(step.actionName())) {
            waits.add(step.stepNumber());
            waitedMs += step.durationMs() == null ? 0 : step.durationMs();
        }
        if (ActionNames.isTakeOver(step.actionName())) {
            takeOvers.add(step.stepNumber());
        }
        if (step.modelMs() != null) {
            modelCalls++;
            modelMs += step.modelMs();
            if (step.modelMs() >= SLOW_MODEL_MS) {
                slowSteps.add(step.stepNumber());
            }
        }
        if (step.screenshotBytes() != null) {
            screenshots++;
            screenshotBytes += step.screenshotBytes();
            if (step.screenshotBytes() >= LARGE_SCREENSHOT_BYTES) {
                largeScreenshots.add(step.stepNumber());
            }
        }
    }

    private void addError(int stepNumber, String text) {
        Matcher error = UNKNOWN_APP.matcher(text);
        if (error.find()) {
            String app = (error.group(1) == null ? error.group(2) : error.group(1)).strip();
            if (unknownApps.size() < MAX_APPS || unknownApps.containsKey(app)) {
                unknownApps.computeIfAbsent(app, name -> new Evidence()).add(stepNumber);
            }
        }
    }

    @Override
    public List<Finding> suggestions() {
        List<Finding> suggestions = new ArrayList<>();
        unknownApps.forEach((app, evidence) -> suggestions.add(
                new Finding("unknown_app", evidence.steps(), Map.of("app", app, "count", evidence.count()))));
        if (waits.count() >= MIN_WAITS && (long) waits.count() * MAX_STEPS_PER_WAIT >= steps) {
            Map<String, Object> figures = new HashMap<>(Map.of("count", waits.count(), "steps", steps));
            if (waitedMs > 0) {
                figures.put("waited_ms", waitedMs);
            }
            suggestions.add(new Finding("too_many_waits", waits.steps(), figures));
        }
        if (takeOvers.count() > 0) {
            suggestions.add(new Finding("take_over", takeOvers.steps(), Map.of("count", takeOvers.count())));
        }
        if (modelCalls >= MIN_MEASURED && 2L * slowSteps.count() >= modelCalls) {
            suggestions.add(new Finding(
                    "slow_model",
                    slowSteps.steps(),
                    Map.of("count", slowSteps.count(), "steps", modelCalls, "mean_ms", modelMs / modelCalls)));
        }
        if (screenshots >= MIN_MEASURED && screenshotBytes / screenshots >= LARGE_SCREENSHOT_BYTES) {
            suggestions.add(new Finding(
                    "large_screenshots",
                    largeScreenshots.steps(),
                    Map.of(
                            "count",
                            largeScreenshots.count(),
                            "screenshots",
                            screenshots,
                            "mean_bytes",
                            screenshotBytes / screenshots)));
        }
        return suggestions;
    }
}
