package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.steptrail.endtoend.InsightRows;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run's page compares it with other runs: their outcomes, where it left their path, and a shorter run. */
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

    private Page open(SentRun run) {
        Page page = reader();
        page.navigate("/tasks/" + run.task());
        page.locator(".others").waitFor();
        return page;
    }

    @Test
    void runningTaskOffTheUsualPath_showsTheDeviation_andTheUsualAction() throws Exception {
        Page page = open(wandering(startedRun().doing(PATH.get(0), screen)).sent());

        assertThat(page.locator(".ending .off")).hasText("Off the usual path");
        Locator finding = page.locator(".findings li");
        assertThat(finding).containsText("it left the path on which others succeed: the others do Tap 100,100");
        finding.locator("a").click();
        assertThat(page).hasURL(Pattern.compile(".*#step=2$"));
        assertThat(page.locator(".others"))
                .containsText("18 of 24 runs succeeded (75 %; 95 % interval 55.1 % to 88 %).");
        assertThat(page.locator(".others")).containsText("eight of ten between 31.0 s and 1:23 min");
    }

    @Test
    void longerSuccess_linksToTheComparisonWithTheShorterRun() throws Exception {
        rows.add(asked, "shorter_path", "{\"path_of\": \"" + other + "\"}");
        SentRun run = wandering(startedRun().doing(PATH.get(0), screen).doing(PATH.get(1), screen));

        Page page = open(run.doing(PATH.get(2), screen).ended("succeeded").sent());

        assertThat(page.locator(".ending .off")).hasCount(0);
        Locator suggestion = page.locator(".suggestions li");
        assertThat(suggestion).containsText("Another run did this in 7 fewer steps, without those below.");
        suggestion.getByText("Compare both").click();
        assertThat(page).hasURL(Pattern.compile(".*/compare\\?a=" + run.task() + "&b=" + other + ".*"));
    }
}
