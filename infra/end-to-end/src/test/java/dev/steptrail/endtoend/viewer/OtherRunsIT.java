package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.steptrail.endtoend.InsightRows;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of a task compares it with others: their outcomes, where it left their path, and a shorter one. */
class OtherRunsIT extends BrowserTest {
    private final String asked = "take a picture " + UUID.randomUUID();
    private final InsightRows rows = new InsightRows(cloud(), "demo");
    private String other = "";

    @BeforeEach
    void anotherRunSucceeded() throws Exception {
        other = started()
                .doing(Map.of("action", "Tap", "element", List.of(100, 100)), Picture.SCREEN)
                .ended("succeeded")
                .sent()
                .task();
        rows.addDigest(UUID.fromString(other), asked, "[[1,\"Launch\",\"camera\"],[2,\"Tap\",\"100,100\"]]");
        rows.add(asked, "expectation", """
                {"tasks": 24, "successes": 18, "success_rate": 0.75, "success_rate_low": 0.551, "success_rate_high": 0.88,
                 "duration_p10_ms": 31000, "duration_p50_ms": 42000, "duration_p90_ms": 83000, "path_of": "%s"}""".formatted(other));
    }

    private SentRun started() {
        return SentRun.of(cloud(), Map.of("name", "camera", "description", asked))
                .doing(Map.of("action", "Launch", "app", "camera"), Picture.SCREEN);
    }

    private SentRun wandering() {
        SentRun run = started();
        for (int y = 100; y <= 700; y += 100) {
            run.doing(Map.of("action", "Tap", "element", List.of(900, y)), Picture.SCREEN);
        }
        return run;
    }

    @Test
    void runningTaskOffTheUsualPath_showsTheDeviation_andTheUsualAction() throws Exception {
        TaskPage task = TaskPage.open(reader(), wandering().sent().task());

        assertThat(task.tab("task")).containsText("Step 2 left the usual path");
        Locator findings = task.tab("findings");
        assertThat(findings).containsText("Left the usual path: successful tasks continue with Tap 100,100");
        assertThat(findings).containsText("18 of 24 succeeded (75%)");
        findings.getByLabel("Show step 2", new Locator.GetByLabelOptions().setExact(true))
                .first()
                .click();
        task.awaitPicture("before", 2);
    }

    @Test
    void longerSuccess_linksToTheComparisonWithTheShorterTask() throws Exception {
        rows.add(asked, "shorter_path", "{\"path_of\": \"" + other + "\"}");
        SentRun run = wandering()
                .doing(Map.of("action", "Tap", "element", List.of(100, 100)), Picture.SCREEN)
                .ended("succeeded");
        TaskPage task = TaskPage.open(reader(), run.sent().task()).awaitPicture("before", 1);

        assertThat(task.tab("task")).not().containsText("left the usual path");
        Locator findings = task.tab("findings");
        assertThat(findings).containsText("Another task needed 7 fewer steps, without those below.");
        findings.getByText("Compare").click();
        assertThat(task.page()).hasURL(Pattern.compile(".*/compare\\?a=" + other + "&b=" + run.task() + ".*"));
    }

    @Test
    void failedTask_isComparedWithTheLastSuccess() throws Exception {
        SentRun run = started().ended("failed");
        TaskPage task = TaskPage.open(reader(), run.sent().task()).awaitPicture("before", 1);

        task.choose("Compare with the last success");

        assertThat(task.page()).hasURL(Pattern.compile(".*/compare\\?a=" + other + "&b=" + run.task() + ".*"));
    }
}
