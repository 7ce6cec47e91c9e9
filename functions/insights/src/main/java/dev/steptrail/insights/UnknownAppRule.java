package dev.steptrail.insights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An app that the agent was to launch and does not know, by the error that Open-AutoGLM gives: {@code App not found: 天气}. */
final class UnknownAppRule implements RunRule {
    private static final Pattern ERROR =
            Pattern.compile("(?i)app not found\\s*[:：]\\s*(\\S[^\\r\\n]{0,99})|未找到应用\\s*[:：]\\s*(\\S[^\\r\\n]{0,99})");

    private static final int MOST_APPS = 20;

    private final Map<String, Evidence> apps = new LinkedHashMap<>();

    @Override
    public void add(RunStep step) {
        Matcher error = ERROR.matcher(step.error() == null ? "" : step.error());
        if (!error.find()) {
            return;
        }
        String app = (error.group(1) == null ? error.group(2) : error.group(1)).strip();
        if (apps.size() < MOST_APPS || apps.containsKey(app)) {
            apps.computeIfAbsent(app, name -> new Evidence()).add(step.stepNumber());
        }
    }

    @Override
    public List<Suggestion> suggestions() {
        return apps.entrySet().stream()
                .map(app -> new Suggestion(
                        "unknown_app",
                        app.getValue().steps(),
                        Map.of("app", app.getKey(), "count", app.getValue().count())))
                .toList();
    }
}
