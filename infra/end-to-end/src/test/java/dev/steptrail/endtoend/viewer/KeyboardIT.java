package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user does with the keyboard alone, from the list of tasks to a link. */
class KeyboardIT extends BrowserTest {
    /** An agent name that is unique to this test. */
    private final String own = "keyboard-" + UUID.randomUUID();

    private SentRun failed;

    @BeforeEach
    void sendTasks() throws Exception {
        failed = task("Buy a ticket")
                .doing(Map.of("action", "Back"), Picture.SCREEN)
                .step(Map.of("success", false, "error_message", "no such button"), Picture.SCREEN)
                .doing(Map.of("action", "Home"), Picture.SCREEN)
                .ended("failed");
        SentRun.sendAll(List.of(
                task("Open the camera")
                        .doing(Map.of("action", "Back"), Picture.SCREEN)
                        .ended("succeeded"),
                failed,
                task("Open the mail")
                        .doing(Map.of("action", "Back"), Picture.SCREEN)
                        .ended("succeeded")));
    }

    private SentRun task(String name) {
        return SentRun.of(cloud(), Map.of("name", name, "agent", own));
    }

    @Test
    void failedTask_isFound_judged_tagged_andShared() throws Exception {
        Page page = reader();
        TaskListPage list = TaskListPage.open(page, "?agent=" + own);
        assertThat(list.tasks()).hasCount(3);

        tabTo(page, "Status");
        page.keyboard().press("Enter");
        assertThat(focused(page, "Running")).isFocused();
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Enter");
        assertThat(list.names()).hasText(new String[] {"Buy a ticket"});
        page.keyboard().press("j");
        assertThat(list.names().first()).isFocused();
        page.keyboard().press("Enter");
        page.waitForURL("**/tasks/" + failed.task() + "*");

        TaskPage task = new TaskPage(page).awaitPicture("before", 2); // the failed step
        task.press("f");
        Locator reason = page.locator("st-verdict-bar input");
        assertThat(reason).isFocused();
        page.keyboard().type("no button");
        task.press("Enter");
        assertThat(task.verdict("Fail")).hasAttribute("aria-pressed", "true");
        assertThat(reason).hasCount(0);
        task.press("t");
        assertThat(page.getByLabel("Add tag")).isFocused();
        page.keyboard().type("regression");
        task.press("Enter");
        assertThat(page.locator("st-task-tab .chip")).containsText("regression");
        page.keyboard().press("Tab"); // leaves the field, in which letters are text
        task.press("n");
        assertThat(page.getByLabel("Add a note").first()).isFocused();
        page.keyboard().type("the button moved");
        tabTo(page, "Add note");
        task.press("Enter");
        assertThat(page.locator("st-notes-tab li")).containsText("the button moved");
        tabTo(page, "Share");
        task.press("Enter");
        tabTo(page, "Create link");
        task.press("Enter");

        assertThat(page.locator("st-share-dialog .link input")).hasValue(Pattern.compile(".*#share=.+"));
        JsonNode report = cloud().api().json("/api/tasks/" + failed.task() + "/report");
        assertThat(report.get("tags")).hasSize(1);
        assertThat(report.get("notes").get(0).get("step_number").intValue()).isEqualTo(2);
        assertThat(report.get("verdict").textValue()).isEqualTo("fail");
    }

    @Test
    void twoTasks_areSelected_andCompared() throws Exception {
        Page page = reader();
        TaskListPage list = TaskListPage.open(page, "?agent=" + own);
        assertThat(list.tasks()).hasCount(3);

        page.keyboard().press("j");
        page.keyboard().press("x");
        page.keyboard().press("j");
        page.keyboard().press("j");
        page.keyboard().press("x");
        assertThat(list.selectionBar()).containsText("2 tasks selected");
        tabTo(page, "Compare");
        page.keyboard().press("Enter");
        page.waitForURL("**/compare?*");

        Locator rows = page.locator("st-comparison-rows li");
        assertThat(rows.first()).hasAttribute("aria-selected", "true");
        tabTo(page, "Aligned steps");
        page.keyboard().press("ArrowDown");
        assertThat(rows.nth(1)).hasAttribute("aria-selected", "true");
    }

    private static Locator focused(Page page, String text) {
        return page.locator("st-value-list button")
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile("^\\s*" + text)))
                .first();
    }

    /** Presses Tab until an element with this name has the focus. */
    private static void tabTo(Page page, String name) {
        for (int presses = 0; presses < 80; presses++) {
            page.keyboard().press("Tab");
            Object focused = page.evaluate("""
                    () => {
                      let element = document.activeElement;
                      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
                      return element?.getAttribute('aria-label') ?? element?.textContent.trim();
                    }""");
            if (name.equals(focused)) {
                return;
            }
        }
        throw new AssertionError("Tab does not reach " + name);
    }
}
