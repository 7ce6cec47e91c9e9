package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The report on a run's page, for a sample of 28 steps, of which step 20 failed. */
class ReportPageIT extends BrowserTest {
    private RunPage open() {
        return RunPage.open(reader(), ViewerCloud.sample("flower-photo-loop"));
    }

    private JsonNode steps() throws Exception {
        return cloud().api()
                .json("/api/tasks/" + ViewerCloud.sample("flower-photo-loop") + "/steps?limit=1000")
                .get("steps");
    }

    @Test
    void ending_isTheActualOne() {
        Page page = open().page();
        assertThat(page.locator(".ending")).containsText("It ended without the agent saying that it had finished.");

        RunPage.open(
                page, ViewerCloud.sample("weather-finished").toUpperCase(Locale.ROOT)); // UUIDs are case-insensitive
        assertThat(page.locator(".ending")).containsText("The agent said that it had finished.");
    }

    @Test
    void statistics_timeline_andChart_coverAllSteps() {
        RunPage run = open();
        Page page = run.page();

        assertThat(page.locator(".numbers")).containsText("28 steps");
        assertThat(page.locator(".numbers")).containsText("1 failed");
        assertThat(page.locator(".numbers")).containsText("96.4 %");
        assertThat(page.locator(".counts").filter(new Locator.FilterOptions().setHasText("Tap")))
                .containsText("22");
        assertThat(page.locator(".timeline rect.error")).hasCount(1);
        assertThat(page.locator(".timeline .legend")).containsText("action");
        assertThat(page.locator(".chart [role=img]")).hasAttribute("aria-label", Pattern.compile("2[78] steps"));
        assertThat(page.locator(".chart canvas")).isVisible();
    }

    @Test
    void clickOnTheTimeline_theChart_orAFinding_opensItsStep() {
        RunPage run = open();
        Page page = run.page();

        Locator timeline = page.locator(".timeline svg");
        double width = timeline.boundingBox().width;
        timeline.click(new Locator.ClickOptions().setPosition(width * 16.5 / 28, 20));
        run.awaitPicture("before", 17);
        assertThat(run.step(17)).hasAttribute("aria-current", "step");

        Locator chart = page.locator(".chart .u-over");
        double middle = chart.boundingBox().width / 2;
        chart.click(new Locator.ClickOptions().setPosition(middle, 50));
        run.position()
                .filter(new Locator.FilterOptions().setHasText("Step 14"))
                .or(run.position().filter(new Locator.FilterOptions().setHasText("Step 15")))
                .waitFor();

        page.locator(".findings")
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Step 20"))
                .first()
                .click();
        run.awaitPicture("before", 20);
    }

    @Test
    void findings_areShownWithFigures_andUnknownKindsAsJson() throws Exception {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        SentRun run = SentRun.of(cloud(), Map.of("name", "taps and waits"));
        for (int step = 0; step < 5; step++) {
            run.step(Map.of("action", Map.of("action", "Wait"), "duration_ms", 12_000));
            run.doing(Map.of("action", "Tap", "element", List.of(1, 2)));
        }
        String task = run.ended("failed").sent().task();
        Page page = reader();
        page.route("**/report", ReportPageIT::addUnknownKinds);
        RunPage.open(page, task);

        assertThat(page.locator(".findings li")).containsText(new String[] {
            "To look at: novel: {\"a\":1}",
            "the agent repeats itself: Tap, 5 times, on a screen that is not known; first {\""
        });
        assertThat(page.locator(".suggestions li")).containsText(new String[] {
            "novel {\"b\":2}", "5 of 10 steps only wait, 1:00 min together. Have the agent wait once",
        });
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
    void thinkingAndAction_areShownInFull_andTheJsonOnDemand() throws Exception {
        RunPage run = open();
        JsonNode twentieth = steps().get(19);
        Locator step = run.step(20);

        assertThat(step.locator(".what").first())
                .hasText("Thinking " + twentieth.get("thinking").textValue());
        assertThat(step.locator(".thinking")).hasText(twentieth.get("thinking").textValue());
        assertThat(step).containsText(twentieth.get("error_message").textValue());
        assertThat(new ObjectMapper().readTree(step.locator("code").first().textContent()))
                .isEqualTo(twentieth.get("action"));
        assertThat(step.locator("pre")).hasCount(0);
        step.getByText("As JSON").click();

        assertThat(new ObjectMapper().readTree(step.locator("pre").textContent()))
                .isEqualTo(twentieth);
    }

    @Test
    void stepsOfALongRun_areShownThirtyAtATime() throws Exception {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        SentRun run = SentRun.of(cloud(), Map.of("name", "forty steps"));
        for (int step = 0; step < 40; step++) {
            run.doing(Map.of("action", "Back"));
        }
        RunPage page = RunPage.open(reader(), run.ended("succeeded").sent().task());
        assertThat(page.steps()).hasCount(30);

        page.page().locator(".steps > button").click();

        assertThat(page.steps()).hasCount(40);
        assertThat(page.page().locator(".steps > button")).hasCount(0);
    }

    @Test
    void search_findsAndHighlightsTextInSteps() throws Exception {
        RunPage run = open();
        long matching = StreamSupport.stream(steps().spliterator(), false)
                .filter(step -> step.toString().contains("专业相机"))
                .count();
        assertThat(matching).isBetween(1L, 27L);

        run.search().fill("专业相机");

        assertThat(run.steps()).hasCount((int) matching);
        assertThat(run.page().locator(".steps output"))
                .hasText(matching == 1 ? "1 step matches" : matching + " steps match");
        assertThat(run.page().locator(".steps mark").first()).hasText("专业相机");
        run.search().fill("no step says this");
        assertThat(run.steps()).hasCount(0);
        run.search().fill("");
        assertThat(run.steps()).hasCount(28);
        assertThat(run.page().locator(".steps mark")).hasCount(0);
    }

    @Test
    void failedSteps_canBeFiltered() {
        RunPage run = open();

        run.page().getByLabel("Failed steps alone").check();

        assertThat(run.steps()).hasCount(1);
        assertThat(run.step(20)).isVisible();
    }

    @Test
    void runWithoutSteps_saysSo_andShowsItsEnding() {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        Page page = reader();
        page.navigate("/tasks/" + ViewerCloud.sample("torch-no-steps"));

        assertThat(page.getByText("This run has no steps")).isVisible();
        assertThat(page.locator(".ending .badge").first()).isVisible();
        assertThat(page.locator(".player")).isHidden();
        assertThat(page.getByText("What changed")).isHidden();
    }

    @Test
    void run_canBeKeptIndefinitely_andReleasedAgain() {
        Page page = RunPage.open(reader(), ViewerCloud.demo()).page();

        page.getByText("Keep for ever").click();
        assertThat(page.locator(".ending").getByText("Kept for ever")).isVisible();
        page.reload();
        page.getByText("Keep no longer").click();
        assertThat(page.getByText("Keep for ever")).isVisible();
    }

    @Test
    void missingTask_isExplainedWithARemedy() {
        faults.expect("404");
        Page page = reader();
        page.navigate("/tasks/0190a7c0-0000-7000-8000-000000000000");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("This is not there, or not for you.");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("nothing of it has arrived yet");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("go to the list of tasks");
        page.waitForRequest(
                "**/api/tasks/**", () -> page.getByText("Try again", new Page.GetByTextOptions().setExact(true))
                        .click());
    }
}
