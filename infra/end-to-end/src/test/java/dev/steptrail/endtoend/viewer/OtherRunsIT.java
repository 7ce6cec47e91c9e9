package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.steptrail.endtoend.InsightRows;
import java.awt.Color;
import java.awt.Rectangle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of a task compares it with others: their outcomes, where it left their path, and a shorter one. */
class OtherRunsIT extends BrowserTest {
    private static final List<Map<String, ?>> PATH = List.of(
            Map.of("action", "Launch", "app", "camera"),
            Map.of("action", "Tap", "element", List.of(100, 100)),
            Map.of("action", "Back"));

    private final String asked = "take a picture " + UUID.randomUUID();
    private final InsightRows rows = new InsightRows(cloud(), "demo");
    private final Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
    private String other = "";

    @BeforeEach
    void anotherRunSucceeded() throws Exception {
        SentRun run = startedRun();
        PATH.forEach(action -> run.doing(action, screen));
        other = run.ended("succeeded").sent().task();
        rows.addDigest(
                UUID.fromString(other), asked, "[[1,\"Launch\",\"camera\"],[2,\"Tap\",\"100,100\"],[3,\"Back\",\"\"]]");
        rows.add(asked, "expectation", """
                {"tasks": 24, "successes": 18, "success_rate": 0.75, "success_rate_low": 0.551, "success_rate_high": 0.88,
                 "duration_p10_ms": 31000, "duration_p50_ms": 42000, "duration_p90_ms": 83000, "path_of": "%s"}""".formatted(other));
    }

    private SentRun startedRun() {
        return SentRun.of(cloud(), Map.of("name", "camera", "description", asked));
    }

    private SentRun wandering(SentRun run) {
        for (int y = 100; y <= 700; y += 100) {
            run.doing(Map.of("action", "Tap", "element", List.of(900, y)), screen);
        }
        return run;
    }

    @Test
    void runningTaskOffTheUsualPath_showsTheDeviation_andTheUsualAction() throws Exception {
        SentRun run = wandering(startedRun().doing(PATH.get(0), screen)).sent();
        TaskPage task = TaskPage.open(reader(), run.task());

        Locator details = task.tab("task");
        assertThat(details).containsText("Step 2 left the usual path");
        Locator findings = task.tab("findings");
        assertThat(findings).containsText("Left the usual path: successful tasks continue with Tap 100,100");
        assertThat(findings).containsText("18 of 24 succeeded (75%)");
        findings.getByLabel("Show step 2", new Locator.GetByLabelOptions().setExact(true))
                .first()
                .click();
        task.awaitPicture("before", 2);
        assertThat(task.page()).hasURL(Pattern.compile("[#&]step=2(&|$)"));
    }

    @Test
    void longerSuccess_linksToTheComparisonWithTheShorterTask() throws Exception {
        rows.add(asked, "shorter_path", "{\"path_of\": \"" + other + "\"}");
        SentRun run = wandering(startedRun().doing(PATH.get(0), screen).doing(PATH.get(1), screen));
        run.doing(PATH.get(2), screen).ended("succeeded").sent();
        TaskPage task = TaskPage.open(reader(), run.task()).awaitPicture("before", 1);

        assertThat(task.tab("task")).not().containsText("left the usual path");
        Locator findings = task.tab("findings");
        assertThat(findings).containsText("Another task needed 7 fewer steps, without those below.");
        findings.getByText("Compare").click();
        assertThat(task.page()).hasURL(Pattern.compile(".*/compare\\?a=" + other + "&b=" + run.task() + ".*"));
    }

    @Test
    void failedTask_isComparedWithTheLastSuccess() throws Exception {
        SentRun run = startedRun().doing(PATH.get(0), screen);
        TaskPage task =
                TaskPage.open(reader(), run.ended("failed").sent().task()).awaitPicture("before", 1);

        task.choose("Compare with the last success");

        assertThat(task.page()).hasURL(Pattern.compile(".*/compare\\?a=" + other + "&b=" + run.task() + ".*"));
    }

    /** The other success, which is the newest, has no model. */
    @Test
    void successOfTheSameModel_isPreferred_andTheFailedStepIsShown() throws Exception {
        Map<String, Object> about = Map.of("name", "camera", "description", asked, "model", "glm");
        SentRun success = SentRun.at(cloud(), Instant.now().minusSeconds(3600), about)
                .doing(PATH.get(0), screen)
                .doing(PATH.get(1), screen)
                .ended("succeeded")
                .sent();
        SentRun failure = SentRun.of(cloud(), about)
                .doing(PATH.get(0), screen)
                .step(Map.of("success", false, "error_message", "no such button"), screen)
                .ended("failed")
                .sent();
        TaskPage task = TaskPage.open(reader(), failure.task()).awaitPicture("before", 2);

        task.tab("task").getByText("Compare with the last success").click();

        assertThat(task.page())
                .hasURL(Pattern.compile(".*/compare\\?a=" + success.task() + "&b=" + failure.task() + "#b=2$"));
    }
}
