package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.KeyboardModifier;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the list of tasks offers for selected tasks. */
class SelectedTasksIT extends BrowserTest {
    /** An agent name that is unique to this test. */
    private final String own = "selected-" + UUID.randomUUID();

    private SentRun started(String name) {
        return SentRun.of(cloud(), Map.of("name", name, "agent", own));
    }

    @Test
    void selectedTasks_canBeTaggedAndKept_andTheTagIsUndone() throws Exception {
        SentRun.sendAll(List.of(started("one"), started("two"), started("three")));
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);
        Locator boxes = list.tasks().getByRole(AriaRole.CHECKBOX);
        boxes.first().check();
        boxes.last().click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
        assertThat(list.selectionBar()).containsText("3 tasks selected");

        list.selectionBar().getByText("Tag", exact()).click();
        list.page()
                .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Tag"))
                .fill("reviewed");
        list.page().keyboard().press("Enter");
        assertThat(list.tasks().locator(".tag")).hasText(new String[] {"reviewed", "reviewed", "reviewed"});
        assertThat(list.selectionBar()).hasCount(0);
        list.page().keyboard().press("Escape");
        assertThat(list.tasks().locator(".tag")).hasCount(0);

        list.select("two");
        list.selectionBar().getByText("Keep").click();
        assertThat(list.task("two").getByLabel("Kept indefinitely")).isVisible();
        assertThat(list.tasks().getByLabel("Kept indefinitely")).hasCount(1);
    }

    @Test
    void selectedTasks_areDeletedAfterConfirmation() throws Exception {
        SentRun.sendAll(List.of(started("one"), started("two"), started("three")));
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);
        list.select("one");
        list.select("two");

        list.selectionBar().getByText("Delete").click();
        assertThat(list.page().getByText("Delete 2 tasks?")).isVisible();
        list.button("Cancel").click();
        assertThat(list.tasks()).hasCount(3);
        list.selectionBar().getByText("Delete").click();
        list.page()
                .locator("st-confirm-dialog")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"))
                .click();

        assertThat(list.names()).hasText(new String[] {"three"});
        assertThat(list.page().getByText("2 tasks deleted")).isVisible();
    }

    @Test
    void twoSelectedTasks_canBeCompared_theOlderFirst() throws Exception {
        SentRun older = SentRun.at(
                        cloud(), Instant.parse("2024-03-01T02:00:00Z"), Map.of("name", "older", "agent", own))
                .sent();
        SentRun newer = started("newer").sent();
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);

        list.select("newer");
        assertThat(list.selectionBar().getByText("Compare")).isDisabled();
        list.select("older");

        assertThat(list.selectionBar().getByText("Compare"))
                .hasAttribute("href", "/compare?a=" + older.task() + "&b=" + newer.task());
    }

    @Test
    void selectedTask_isExported() throws Exception {
        started("one").doing(Map.of("action", "Back")).ended("succeeded").sent();
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);
        list.select("one");

        assertThat(list.page()
                        .waitForDownload(
                                () -> list.selectionBar().getByText("Export").click())
                        .suggestedFilename())
                .endsWith(".zip");
    }

    @Test
    void escape_inAFilter_closesIt_andKeepsTheSelection() throws Exception {
        started("one").sent();
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);
        list.select("one");
        Locator panel = list.openFilter("status").locator(".panel");
        assertThat(panel).isVisible();

        list.page().keyboard().press("Escape");

        assertThat(panel).isHidden();
        assertThat(list.selectionBar()).containsText("1 task selected");
    }

    private static Locator.GetByTextOptions exact() {
        return new Locator.GetByTextOptions().setExact(true);
    }
}
