package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The details and the list of steps, for a sample of 28 steps, of which step 20 failed. */
class ReportPageIT extends BrowserTest {
    private TaskPage open(String more) {
        return TaskPage.open(reader(), ViewerCloud.sample("flower-photo-loop"), more);
    }

    @Test
    void taskTab_isTheDefault_andNamesTheEndingAndTheFailedStep_whichIsShown() {
        TaskPage task = open("").awaitPicture("before", 20);
        Locator details = task.page().locator("st-task-tab");
        task.page().waitForURL("**#step=20"); // must not open the tab of the step

        assertThat(details).containsText("The agent stopped without reporting a result.");
        assertThat(details).containsText("Loop: Tap repeated 16 times on a screen that did not change");
        assertThat(details).containsText("Step 20 failed; the task went on");
        assertThat(details).containsText("App not found: 专业相机");
        assertThat(details.locator("dl").first()).containsText("28 (1 failed)");
        task.step(1).click();
        details.getByText("Show step 20").click();
        task.awaitPicture("before", 20);
        assertThat(task.page().locator("st-step-tab")).containsText("This step failed");

        String upperCase = ViewerCloud.sample("weather-finished").toUpperCase(Locale.ROOT); // valid in a UUID
        TaskPage finished = TaskPage.open(task.page(), upperCase);
        assertThat(finished.tab("task")).containsText("The agent reported that it had finished.");
    }

    @Test
    void findingsTab_hasStatisticsOfAllSteps_andItsLinksAndTheTimelineOpenTheirStep() {
        TaskPage task = open("").awaitPicture("before", 20);
        Locator findings = task.tab("findings");

        assertThat(findings.locator(".counts")).containsText(Pattern.compile("Tap\\s+22"));
        for (String figure : List.of("Mean step", "95% of steps take at most", "Mean model time", "Total pause time")) {
            assertThat(findings.locator("dl")).containsText(figure);
        }
        assertThat(findings).containsText("App not found: 专业相机");
        double width = task.timeline().boundingBox().width;
        task.timeline().click(new Locator.ClickOptions().setPosition(width - 9, 10));
        task.awaitPicture("before", 28);
        assertThat(task.step(28)).hasAttribute("aria-selected", "true");
        task.timeline().click(new Locator.ClickOptions().setPosition(9, 10));
        task.awaitPicture("before", 1);
        task.tab("findings").getByLabel("Show step 20").first().click();
        task.awaitPicture("before", 20);
    }

    @Test
    void findings_areShownWithFigures_andUnknownKindsAsJson() throws Exception {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        SentRun run = SentRun.of(cloud(), Map.of("name", "taps and waits"));
        for (int step = 0; step < 5; step++) {
            run.step(Map.of("action", Map.of("action", "Wait"), "duration_ms", 12_000));
            run.doing(Map.of("action", "Tap", "element", List.of(1, 2)));
        }
        String sent = run.ended("failed").sent().task();
        Page page = reader();
        page.route("**/report", ReportPageIT::addUnknownKinds);
        Locator findings = TaskPage.open(page, sent).tab("findings");

        for (String finding : List.of(
                "novel: {\"a\":1}",
                "novel: {\"b\":2}",
                "Loop: Tap repeated 5 times on screens that are not known",
                "5 of 10 steps only wait, 1 min in all. Wait once, as long as needed.")) {
            assertThat(findings).containsText(finding);
        }
    }

    /** Adds a finding and a suggestion of unknown kinds, as a later version of the service may send. */
    private static void addUnknownKinds(Route route) {
        APIResponse report = route.fetch();
        String body = report.text()
                .replace("\"findings\":[", "\"findings\":[{\"kind\":\"novel\",\"steps\":[1],\"detail\":{\"a\":1}},")
                .replace(
                        "\"suggestions\":[",
                        "\"suggestions\":[{\"kind\":\"novel\",\"steps\":[1],\"figures\":{\"b\":2}},");
        route.fulfill(new Route.FulfillOptions().setResponse(report).setBody(body));
    }

    @Test
    void linkToAStep_opensItsTab_withThinkingAndActionInFull_andTheJsonInItsTab() throws Exception {
        TaskPage task = open("#step=20").awaitPicture("before", 20);
        JsonNode twentieth = cloud().api()
                .json("/api/tasks/" + ViewerCloud.sample("flower-photo-loop") + "/steps?limit=1000")
                .get("steps")
                .get(19);
        Locator step = task.page().locator("st-step-tab");

        assertThat(step).containsText("This step failed");
        assertThat(step).containsText(twentieth.get("thinking").textValue());
        assertThat(step).containsText(twentieth.get("error_message").textValue());
        twentieth.get("action").properties().forEach(field -> {
            assertThat(step).containsText(field.getKey());
            assertThat(step).containsText(field.getValue().asText());
        });
        Locator json = task.tab("json");
        if (json.getByText("Show all").isVisible()) {
            json.getByText("Show all").click();
        }
        assertThat(new ObjectMapper()
                        .readTree(json.locator("st-long-text .text").textContent()))
                .isEqualTo(twentieth);
    }

    @Test
    void stepsOfALongTask_areInTheList_alsoThoseThatAreNotDisplayed() throws Exception {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        SentRun run = SentRun.of(cloud(), Map.of("name", "two hundred steps"));
        for (int step = 0; step < 200; step++) {
            run.doing(Map.of("action", "Back"));
        }
        TaskPage task = TaskPage.open(reader(), run.ended("succeeded").sent().task());
        assertThat(task.position()).hasText("1 / 200");
        assertThat(task.steps().first()).hasAttribute("aria-setsize", "200");
        assertThat(task.steps().count()).isLessThan(80);

        task.page().locator("st-step-list .viewport").evaluate("(list) => { list.scrollTop = list.scrollHeight; }");

        assertThat(task.step(200)).isInViewport();
        task.step(200).click();
        assertThat(task.position()).hasText("200 / 200");
    }

    @Test
    void steps_areFilteredByTextOrFailure() {
        TaskPage task = open("");

        task.search().fill("Step 20 says nothing of this");
        assertThat(task.page().locator("st-step-list")).containsText("No step matches");
        assertThat(task.steps()).hasCount(0);
        task.search().fill("App not found: 专业相机");
        assertThat(task.steps()).hasCount(1);
        assertThat(task.page().locator("st-step-list [role=status]")).hasText("1 found");
        task.search().fill("");
        assertThat(task.steps().first()).hasAttribute("aria-setsize", "28");

        task.page().locator("st-step-list button").click();
        assertThat(task.steps()).hasCount(1);
        assertThat(task.step(20).locator("svg[aria-label=Failure]")).isVisible();
    }

    @Test
    void taskWithoutSteps_saysSo_andShowsItsEnding() {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        Page page = reader();
        page.navigate("/tasks/" + ViewerCloud.sample("torch-no-steps"));
        TaskPage task = new TaskPage(page);

        assertThat(page.getByText("This task has no steps")).isVisible();
        assertThat(task.outcome()).isVisible();
        assertThat(task.stage()).hasCount(0);
        assertThat(page.locator("st-task-tab")).containsText("Outcome");
    }

    @Test
    void task_isKeptIndefinitely_released_andDeletedAfterAConfirmation() throws Exception {
        faults.expect("404"); // the task has no screenshot, and is deleted in the end
        String sent = SentRun.of(cloud(), Map.of("name", "to be deleted"))
                .doing(Map.of("action", "Back"))
                .ended("failed")
                .sent()
                .task();
        TaskPage task = TaskPage.open(reader(), sent);
        Locator kept = task.bar().getByLabel("Kept indefinitely", new Locator.GetByLabelOptions().setExact(true));

        task.choose("Keep indefinitely");
        assertThat(kept).isVisible();
        task.page().reload();
        assertThat(kept).isVisible();
        task.choose("Stop keeping indefinitely");
        assertThat(kept).hasCount(0);

        task.choose("Delete…");
        Locator question = task.page().locator("st-confirm-dialog");
        assertThat(question).containsText("This cannot be undone.");
        question.getByText("Cancel").click();
        assertThat(task.stage()).isVisible();
        task.choose("Delete…");
        question.getByText("Delete", new Locator.GetByTextOptions().setExact(true))
                .click();
        task.page().waitForURL(cloud().api().address() + "/");
        task.page().navigate("/tasks/" + sent);
        assertThat(task.page().locator("h1"))
                .hasText("Task not found", new LocatorAssertions.HasTextOptions().setTimeout(30_000));
        assertThat(task.page()
                        .getByText("The task may have been deleted, not have arrived yet, or belong to another owner."))
                .isVisible();
        assertThat(task.page().getByText("All tasks")).hasAttribute("href", "/");
    }

    @Test
    void errorOfTheServer_isReportedWithItsTraceId_andCanBeRetried() {
        faults.expect("503|The database is starting");
        Page page = reader();
        page.route(
                "**/steps?*",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(503)
                        .setContentType("application/problem+json")
                        .setBody("{\"detail\":\"The database is starting.\",\"trace_id\":\"1-abc\"}")),
                new Page.RouteOptions().setTimes(1));
        page.navigate("/tasks/" + ViewerCloud.demo());

        Locator alert = page.locator("[role=alert]");
        for (String text : List.of("The server has an error.", "The database is starting.", "1-abc")) {
            assertThat(alert).containsText(text);
        }
        alert.getByText("Try again", new Locator.GetByTextOptions().setExact(true))
                .click();
        new TaskPage(page).awaitPicture("before", 1);
    }
}
