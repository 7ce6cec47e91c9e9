package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.BrowserContext;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a page that works does not do: errors on its console, exceptions that nobody catches, what its policy forbids. */
final class Faults {
    private final List<String> seen = new ArrayList<>();
    private final List<Pattern> expected = new ArrayList<>();

    /** Looks at all pages that the context opens from now on. */
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

    /** That a test provokes some. */
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
