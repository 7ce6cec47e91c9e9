package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.BrowserContext;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Collects faults of pages: console errors, uncaught exceptions, and violations of the content security policy. */
final class Faults {
    private final List<String> seen = new ArrayList<>();
    private final List<Pattern> expected = new ArrayList<>();

    /** Observes all pages that the context opens from now on. */
    void watch(BrowserContext context) {
        context.addInitScript("addEventListener('securitypolicyviolation', (event) =>"
                + " console.error('the policy forbids', event.violatedDirective, event.blockedURI))");
        context.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                seen.add(message.text() + " at " + message.location());
            }
        });
        context.onWebError(error -> seen.add("thrown: " + error.error()));
    }

    /** Ignores faults that match this regular expression, because the test causes them. */
    void expect(String pattern) {
        expected.add(Pattern.compile(pattern));
    }

    List<String> unexpected() {
        return seen.stream()
                .filter(fault -> expected.stream()
                        .noneMatch(pattern -> pattern.matcher(fault).find()))
                .toList();
    }
}
