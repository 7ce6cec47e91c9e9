package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.LoadState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No page violates the content security policy, also with its menus and dialogs open. */
class PolicyIT extends BrowserTest {
    /** Collects violations, from before any script of the page. */
    private static final String COLLECT = "addEventListener('securitypolicyviolation', (event) => {"
            + " window.violations = [...window.violations ?? [], `${event.violatedDirective} ${event.blockedURI}`]; })";

    private static Page watched(Page page) {
        page.addInitScript(COLLECT);
        return page;
    }

    private static void assertNoViolation(Page page) {
        assertThat(page.evaluate("window.violations ?? []")).as(page.url()).isEqualTo(List.of());
    }

    @Test
    void violation_isDetected() {
        faults.expect("style-src|inline style");
        Page page = watched(stranger());
        page.navigate("/no-such-page");
        faults.expect("404");

        page.evaluate("document.body.setAttribute('style', 'color: red')");

        page.waitForFunction("window.violations?.length === 1");
    }

    @Test
    void pagesOfASignedInUser() {
        Page page = watched(reader());
        List<String> addresses = new ArrayList<>(List.of("/", "/tasks", "/insights"));
        addresses.add("/compare?a=" + ViewerCloud.demo() + "&b=" + ViewerCloud.sample("flower-photo-loop"));
        for (String address : addresses) {
            page.navigate(address);
            page.locator("main").first().waitFor();
            page.waitForLoadState(LoadState.NETWORKIDLE);
            assertNoViolation(page);
        }
    }

    @Test
    void task_withEachTabMenuAndDialog() {
        TaskPage task =
                TaskPage.open(watched(reader()), ViewerCloud.demo(), "#step=2").awaitPicture("before", 2);
        Page page = task.page();
        for (String tab : List.of("task", "step", "model", "findings", "notes", "json")) {
            task.tab(tab).waitFor();
        }
        task.button("Difference").click();
        page.locator("st-difference canvas").waitFor();
        task.bar().getByLabel("More").click();
        page.locator("wa-dropdown-item[value=copy]").waitFor();
        page.keyboard().press("Escape");
        page.locator("st-account-menu button").click();
        page.locator("wa-dropdown-item[value=sign-out]").waitFor();
        page.keyboard().press("Escape");
        Locator share = task.share();
        share.locator("button.primary").click();
        share.locator(".link input").waitFor();
        page.keyboard().press("Escape");
        task.export();
        page.keyboard().press("Escape");
        task.choose("Delete…");
        page.locator("st-confirm-dialog").getByText("Cancel").click();
        page.keyboard().press("u");
        page.locator("st-verdict-bar form").waitFor();
        page.keyboard().press("Enter");
        page.locator("st-toast .toast").waitFor();
        page.keyboard().press("Escape"); // removes the verdict

        assertNoViolation(page);
    }

    @Test
    void pagesWithoutASignedInUser() {
        faults.expect("404");
        Page page = watched(stranger());
        for (String address : List.of("/tasks/" + ViewerCloud.demo(), "/shared/" + ViewerCloud.demo(), "/unknown")) {
            page.navigate(address);
            page.locator("h1").waitFor();
            assertNoViolation(page);
        }
    }
}
