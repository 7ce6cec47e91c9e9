package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares two tasks, one of which has an additional step. */
class CompareIT extends BrowserTest {
    private Page open() throws Exception {
        SentRun longer = SentRun.of(cloud(), Map.of("name", "longer"))
                .doing(Map.of("action", "Launch", "app", "Clock"), Picture.SCREEN)
                .doing(Map.of("action", "Tap", "element", List.of(100, 100)), Picture.SCREEN)
                .doing(Map.of("action", "Tap", "element", List.of(500, 500)), Picture.SCREEN)
                .doing(Map.of("_metadata", "finish", "message", "The order is done. ".repeat(20)), Picture.SCREEN)
                .ended("succeeded");
        SentRun shorter = SentRun.of(cloud(), Map.of("name", "shorter"))
                .doing(Map.of("action", "Launch", "app", "Clock"), Picture.SCREEN)
                .doing(Map.of("action", "Tap", "element", List.of(103, 98)), Picture.SCREEN)
                .doing(Map.of("_metadata", "finish", "message", "The order is done. ".repeat(20)), Picture.SCREEN)
                .ended("failed");
        SentRun.sendAll(List.of(longer, shorter));
        return open(longer.task(), shorter.task());
    }

    private Page open(String a, String b) {
        Page page = reader();
        page.navigate("/compare?a=" + a + "&b=" + b);
        rows(page).first().waitFor();
        return page;
    }

    private static Locator rows(Page page) {
        return page.locator("st-comparison-rows li");
    }

    private static Locator selected(Page page) {
        return page.locator("st-comparison-rows li[aria-selected=true]");
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    @Test
    void equalSteps_areAligned_byActionOrByNumber_andBothScreensShown() throws Exception {
        Page page = open();
        Locator rows = rows(page);

        assertThat(page.locator(".task h2")).hasText(new String[] {"longer", "shorter"});
        assertThat(page.locator(".task st-outcome")).hasText(new String[] {"Success", "Failure"});
        assertThat(rows).hasCount(4);
        assertThat(page.getByText("3 of 4 rows equal")).isVisible();
        assertThat(page.locator("st-comparison-rows li:not(.equal)")).hasCount(1);
        assertThat(rows.nth(2)).containsText("Only in A");
        assertThat(rows.nth(3)).containsText("Finish");
        assertThat(rows.nth(3).locator(".place")).hasText(new String[] {"4", "3"});
        for (Locator stage : page.locator("st-stage").all()) {
            assertThat(stage).hasAttribute("shown", Pattern.compile(".* screenshot"));
        }
        button(page, "Number").click();
        assertThat(page.getByText("2 of 4 rows equal")).isVisible();
        assertThat(rows.nth(2).locator(".place")).hasText(new String[] {"3", "3"});
        assertThat(rows.nth(2)).containsText("Different actions");
    }

    @Test
    void nextDifference_isReachedByButtonAndKey_andAMissingStepIsAPlaceholder() throws Exception {
        Page page = open();

        button(page, "Next difference").click();

        assertThat(selected(page)).containsText("Tap (500, 500)");
        assertThat(page.locator(".caption").first()).containsText("Tap (500, 500)");
        assertThat(page.locator(".caption").last()).containsText("No step here");
        assertThat(page.locator(".placeholder")).hasCount(1);
        assertThat(page.locator("st-stage").last()).not().isVisible();
        assertThat(page.locator("st-stage").first()).hasAttribute("shown", "3 before screenshot");
        page.waitForURL("**#a=3");

        page.keyboard().press("ArrowLeft");
        assertThat(page.locator(".placeholder")).hasCount(0);
        assertThat(page.locator("st-stage").last()).hasAttribute("shown", "2 before screenshot");
        page.keyboard().press("d");
        assertThat(selected(page)).containsText("Tap (500, 500)");
        page.keyboard().press("?");
        assertThat(page.locator("st-help-dialog")).containsText("Next or previous difference");
    }

    @Test
    void addressFilmStripAndPlayback_selectARow() throws Exception {
        Page page = open();
        page.navigate(page.url().replaceFirst("#.*|$", "#b=3"));
        page.reload();

        assertThat(selected(page).locator(".place")).hasText(new String[] {"4", "3"});
        page.locator("st-film-strip").last().locator("button").first().click();
        assertThat(selected(page).locator(".place")).hasText(new String[] {"1", "1"});
        page.keyboard().press("k");
        assertThat(page.getByText("4 / 4")).isVisible();
        assertThat(button(page, "Play")).isVisible();
    }

    @Tag("nightly")
    @Test
    void window_ofEachWidth_showsBothScreens_andNamesTheColumnsOfTheRows() throws Exception {
        Page page = open();
        page.getByRole(AriaRole.LISTBOX).press("End"); // the step with a long sentence
        page.locator("st-stage[state=shown]").last().waitFor();
        Locator heads = page.locator("st-comparison-rows .heads > *");

        for (int width : List.of(1366, 768, 390)) {
            resize(page, width, 768);

            assertThat(page.evaluate("document.scrollingElement.scrollWidth")).isEqualTo(width);
            for (Locator stage : page.locator("st-stage .screen").all()) {
                BoundingBox box = stage.boundingBox();
                assertThat(box.x + box.width).isLessThanOrEqualTo(width);
                assertThat(box.height).isGreaterThan(100);
            }
            assertThat(heads).hasText(new String[] {"A", "B"});
            for (int side = 0; side < 2; side++) {
                BoundingBox step = rows(page).first().locator(".step").nth(side).boundingBox();
                assertThat(heads.nth(side).boundingBox().x).isBetween(step.x, step.x + 16);
            }
        }
        resize(page, 1366, 768);
        assertThat(page.evaluate("document.documentElement.scrollHeight")).isEqualTo(768);
        assertThat(button(page, "Last step").boundingBox().y).isLessThan(768 - 24);
    }

    @Test
    void missingTasks_areReported() {
        faults.expect("404");
        Page page = reader();

        page.navigate("/compare?a=" + ViewerCloud.demo());
        assertThat(page.getByText("Choose two tasks to compare")).isVisible();
        page.navigate("/compare?a=" + ViewerCloud.demo() + "&b=" + UUID.randomUUID());
        assertThat(page.getByText("Task not found")).isVisible();
    }

    @Tag("nightly")
    @Test
    void manyRows_areRenderedOnlyAroundTheVisibleOnes() throws Exception {
        SentRun run = SentRun.of(cloud(), Map.of("name", "long"));
        for (int step = 0; step < 1100; step++) {
            run.doing(Map.of("action", "Back"));
        }
        run.ended("succeeded").sent();
        Page page = open(run.task(), run.task());
        assertThat(page.getByText("1,100 of 1,100 rows equal")).isVisible();
        assertThat(rows(page).count()).isLessThan(60);

        page.getByRole(AriaRole.LISTBOX).press("End");

        assertThat(selected(page).locator(".place")).hasText(new String[] {"1100", "1100"});
        assertThat(selected(page)).isInViewport();
        assertThat(rows(page).count()).isLessThan(60);
    }
}
