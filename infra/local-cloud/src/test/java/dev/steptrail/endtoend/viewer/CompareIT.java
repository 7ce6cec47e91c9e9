package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Compares two runs, one of which has an additional step. */
class CompareIT extends BrowserTest {
    private final String own = "compare-" + UUID.randomUUID();
    private final Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));

    private Page opened() throws Exception {
        SentRun longer = SentRun.of(cloud(), Map.of("name", "longer", "agent", own))
                .doing(Map.of("action", "Launch", "app", "Clock"), screen)
                .doing(Map.of("action", "Tap", "element", List.of(100, 100)), screen)
                .doing(Map.of("action", "Tap", "element", List.of(500, 500)), screen)
                .doing(Map.of("action", "Back"), screen)
                .ended("succeeded");
        SentRun shorter = SentRun.of(cloud(), Map.of("name", "shorter", "agent", own))
                .doing(Map.of("action", "Launch", "app", "Clock"), screen)
                .doing(Map.of("action", "Tap", "element", List.of(103, 98)), screen)
                .doing(Map.of("action", "Back"), screen)
                .ended("failed");
        SentRun.sendAll(List.of(longer, shorter));
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);
        list.page().getByLabel("Choose longer to compare").check();
        list.page().getByLabel("Choose shorter to compare").check();
        list.page().getByText("Compare the two chosen").click();
        list.page().locator(".rows li").first().waitFor();
        return list.page();
    }

    @Test
    void equalSteps_areAligned() throws Exception {
        Page page = opened();
        Locator rows = page.locator(".rows li");

        assertThat(rows).hasCount(4);
        assertThat(page.getByText("3 of 4 rows do the same.")).isVisible();
        assertThat(page.locator(".rows li.differs")).hasCount(1);
        assertThat(rows.nth(2)).containsText("no step here");
        assertThat(rows.nth(3)).containsText("Back");
        assertThat(rows.nth(3).locator(".number")).hasText(new String[] {"4", "3"});
        assertThat(page.locator(".pair .stage[data-state=shown]")).hasCount(2);
    }

    @Test
    void nextDifference_isReachedByOneClick_andShowsBothScreens() throws Exception {
        Page page = opened();

        page.getByText("Next difference").click();

        assertThat(page.locator(".rows li[aria-current]")).containsText("500, 500");
        assertThat(page.locator(".pair .did").first()).containsText("Tap 500, 500");
        assertThat(page.locator(".pair .did").last()).hasText("no step here");
        assertThat(page.locator(".pair .stage").first()).hasAttribute("data-state", "shown");
        assertThat(page.locator(".pair .stage").last()).hasAttribute("data-state", "missing");
    }

    @Test
    void steps_canBeAlignedByNumber() throws Exception {
        Page page = opened();

        page.getByLabel("Align by").selectOption("number");

        assertThat(page.getByText("2 of 4 rows do the same.")).isVisible();
        assertThat(page.locator(".rows li").nth(2).locator(".number")).hasText(new String[] {"3", "3"});
    }

    @Test
    void linkWithOneRun_asksForTwo() {
        Page page = reader();
        page.navigate("/compare?a=" + ViewerCloud.demo());

        assertThat(page.getByText("Choose two tasks in the list")).isVisible();
    }

    @Test
    void manyRows_areRenderedOnlyAroundTheSelectedOne() throws Exception {
        faults.expect("404"); // the steps have no screenshots
        SentRun run = SentRun.of(cloud(), Map.of("name", "long"));
        for (int step = 0; step < 1100; step++) {
            run.doing(Map.of("action", "Back"));
        }
        run.ended("succeeded").sent();
        Page page = reader();
        page.navigate("/compare?a=" + run.task() + "&b=" + run.task());
        assertThat(page.getByText("1,100 of 1,100 rows do the same.")).isVisible();
        Locator rows = page.locator(".rows li");
        assertThat(rows).hasCount(200);

        page.locator("input.scrub").fill("1099");
        assertThat(page.locator(".rows li[aria-current]")).containsText("1100");
        assertThat(((Number) page.locator(".rows").evaluate("(list) => list.scrollTop")).intValue())
                .isPositive();
        assertThat(page.locator(".pair .did").first()).containsText("1100");
        page.getByText("Earlier steps").click();
        assertThat(rows).hasCount(301);
        assertThat(rows.first().locator(".number").first()).hasText("800");
    }
}
