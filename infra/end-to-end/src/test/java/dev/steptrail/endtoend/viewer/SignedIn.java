package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.steptrail.endtoend.CloudProcess;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The session of the user demo, created once per cloud. {@link SignInPageIT} tests the sign-in itself. */
record SignedIn(String origin, String session) {
    private static final Map<CloudProcess, SignedIn> KNOWN = new ConcurrentHashMap<>();

    static SignedIn of(CloudProcess cloud, Browser browser) {
        return KNOWN.computeIfAbsent(cloud, first -> in(first, browser));
    }

    private static SignedIn in(CloudProcess cloud, Browser browser) {
        String origin = cloud.api().address();
        try (BrowserContext context = browser.newContext(new Browser.NewContextOptions().setBaseURL(origin))) {
            Page page = context.newPage();
            page.navigate("/?login_hint=demo");
            page.waitForURL(origin + "/");
            return new SignedIn(origin, (String) page.evaluate("sessionStorage.getItem('session')"));
        }
    }

    /** Signs in all pages that the context opens from now on. */
    void enter(BrowserContext context) {
        context.addInitScript("if (location.origin === '" + origin + "' && !sessionStorage.getItem('session')) "
                + "sessionStorage.setItem('session', '" + session + "')");
    }
}
