package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.steptrail.endtoend.InsightRows;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tasks grouped by experiment or instruction. */
class TaskGroupsIT extends BrowserTest {
    /** An agent name that is unique to this test. */
    private final String own = "groups-" + UUID.randomUUID();

    @Test
    void groups_haveSuccessRateAndLatestOutcomes_andOpen() throws Exception {
        Map<String, Object> ofExperiment = Map.of("name", "camera", "agent", own, "experiment", own);
        SentRun.sendAll(List.of(
                SentRun.of(cloud(), ofExperiment).ended("succeeded"),
                SentRun.of(cloud(), ofExperiment).ended("failed"),
                SentRun.of(cloud(), Map.of("name", "other", "agent", own)).ended("succeeded")));
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);

        list.button("Group: No groups").click();
        list.page().getByText("By experiment").click();

        assertThat(list.page()).hasURL(Pattern.compile("group=experiment"));
        Locator group = list.page().locator("st-group-list li").filter(new Locator.FilterOptions().setHasText(own));
        assertThat(group.locator(".group")).containsText("50%");
        assertThat(group.locator(".group")).containsText("1 of 2");
        assertThat(group.getByLabel("Of the latest 2: 1 passed, 1 failed").locator("rect"))
                .hasCount(2);
        assertThat(group.locator(".outcomes"))
                .hasAttribute("title", Pattern.compile("^Of the latest 2: 1 passed, 1 failed\\. One bar per task.*"));
        group.locator(".group").click();
        assertThat(list.names()).hasText(new String[] {"camera", "camera"});
        list.page().getByText("Show in the list").click();
        assertThat(list.page()).hasURL(Pattern.compile("/\\?agent=" + own + "&experiment=" + own + "$"));
        assertThat(list.names()).hasText(new String[] {"camera", "camera"});
    }

    @Test
    void openGroup_showsTasksThatArrive_andTheirOutcome() throws Exception {
        Map<String, Object> about = Map.of("name", "camera", "agent", own, "experiment", own);
        SentRun running = SentRun.of(cloud(), about).sent();
        Page page = reader();
        page.clock().install();
        TaskListPage list = TaskListPage.open(page, "?group=experiment&agent=" + own);
        list.page()
                .locator(".group")
                .filter(new Locator.FilterOptions().setHasText(own))
                .click();
        assertThat(list.tasks().locator("st-outcome")).hasText("Running");

        running.ended("succeeded").sent();
        SentRun.of(cloud(), about).ended("failed").sent();
        page.clock().fastForward(5000);

        assertThat(list.tasks().locator("st-outcome")).hasText(new String[] {"Failure", "Success"});
    }

    @Test
    void groupOfAnInstruction_hasOnlyTasksWithIt() throws Exception {
        String instruction = "take a picture " + own;
        Map<String, Object> about = Map.of("description", instruction + "!", "agent", own);
        SentRun same = SentRun.of(cloud(), about).ended("succeeded").sent();
        SentRun.of(cloud(), Map.of("description", instruction + " and wait", "agent", own))
                .ended("succeeded")
                .sent();
        new InsightRows(cloud(), "demo").addDigest(UUID.fromString(same.task()), instruction, "[]");

        TaskListPage list = TaskListPage.open(reader(), "?group=instruction&agent=" + own);
        list.page()
                .getByText(instruction, new Page.GetByTextOptions().setExact(true))
                .click();

        assertThat(list.names()).hasText(new String[] {instruction + "!"});
    }

    @Test
    void groupWhoseTasksCannotBeRead_isClosedAgain() throws Exception {
        faults.expect("503");
        SentRun.of(cloud(), Map.of("name", "other", "agent", own, "experiment", own))
                .ended("succeeded")
                .sent();
        TaskListPage list = TaskListPage.open(reader(), "?group=experiment&agent=" + own);
        Locator group = list.page().locator(".group").filter(new Locator.FilterOptions().setHasText(own));
        list.page()
                .route(
                        "**/api/tasks?*",
                        route -> route.fulfill(
                                new Route.FulfillOptions().setStatus(503).setBody("")),
                        new Page.RouteOptions().setTimes(1));

        group.click();
        assertThat(list.page().getByRole(AriaRole.ALERT)).isVisible();
        assertThat(group).hasAttribute("aria-expanded", "false");

        group.click();
        assertThat(list.names()).hasText(new String[] {"other"});
    }
}
