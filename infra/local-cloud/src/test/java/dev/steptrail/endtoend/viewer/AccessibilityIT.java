package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.steptrail.endtoend.InsightRows;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Checks each page for accessibility: in both languages, light and dark, on a narrow and a wide screen. */
@Order(2)
class AccessibilityIT extends BrowserTest {
    private static final Set<String> SERIOUS = Set.of("serious", "critical");
    private static final int NARROW = 360;
    private static final int WIDE = 1440;
    private static final int VERY_WIDE = 3840;

    private void checkInAllVariants(Consumer<Page> open) {
        checkInBothLanguages((page, language) -> open.accept(page), this::reader);
    }

    private void checkInBothLanguages(
            BiConsumer<Page, String> open, Function<Browser.NewContextOptions, Page> visitor) {
        for (String language : List.of("en-GB", "zh-CN")) {
            Page page = visitor.apply(english().setLocale(language));
            open.accept(page, language);
            boolean english = language.startsWith("en");
            assertFits(page, english ? NARROW : WIDE);
            check(page, english ? WIDE : NARROW, english ? ColorScheme.LIGHT : ColorScheme.DARK);
        }
    }

    private static void check(Page page, int width, ColorScheme scheme) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        assertFits(page, width);
        AxeRunOptions options = new AxeRunOptions();
        options.setResultTypes(List.of("violations")); // reporting passed rules is slower than checking them
        List<String> serious = new AxeBuilder(page)
                        .options(options)
                        .setLegacyMode(true) // avoids a second page for frames, which these pages do not have
                        .analyze()
                        .getViolations()
                        .stream()
                        .filter(rule -> SERIOUS.contains(rule.getImpact()))
                        .flatMap(rule -> rule.getNodes().stream()
                                .map(node -> rule.getId() + " " + node.getTarget() + " " + node.getHtml() + " "
                                        + node.getFailureSummary()))
                        .toList();
        assertThat(serious).as(page.url() + " " + scheme + " " + width).isEmpty();
    }

    /** Asserts that the page does not scroll horizontally at this width. */
    private static void assertFits(Page page, int width) {
        page.setViewportSize(width, 900);
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
        assertThat(page.evaluate("document.scrollingElement.scrollWidth"))
                .as(page.url() + " " + width)
                .isEqualTo(width);
    }

    @Test
    void taskList() {
        checkInAllVariants(page ->
                TaskListPage.open(page, "?agent=steptrail-demo").tasks().first().waitFor());
    }

    @Test
    void emptyTaskList() {
        checkInAllVariants(page -> {
            page.navigate("/?agent=unknown");
            page.locator(".notice").waitFor();
        });
    }

    @Test
    void insightsPage_withEverythingExpanded() throws Exception {
        String task = "open " + UUID.randomUUID();
        new InsightRows(cloud(), "demo")
                .add(task, "expectation", """
                        {"tasks": 24, "successes": 18, "success_rate": 0.75, "success_rate_low": 0.551, "success_rate_high": 0.88,
                         "duration_p10_ms": 31000, "duration_p50_ms": 42000, "duration_p90_ms": 83000,
                         "usual_path": ["Launch 相机", "Tap 499,842"], "usual_path_similarity": 0.87}""")
                .add(
                        task,
                        "similar_failures",
                        "{\"error\": \"" + "x".repeat(300) + "\", \"tasks\": 3, \"failures\": 5}",
                        List.of(UUID.fromString(ViewerCloud.demo())),
                        List.of(
                                ViewerCloud.demo() + ".3",
                                UUID.fromString("0190a7c0-0000-4000-8000-000000000000") + ".4"))
                .add(task, "frequent_sequence", """
                        {"actions": ["Launch 相机", "%s", "Back"], "tasks": 8, "of_tasks": 40, "instructions": 2}""".formatted("x".repeat(300)))
                .add(task, "regression", """
                        {"dimension": "model", "from": "glm-a", "to": "glm-b", "what": "success", "before": 0.9, "after": 0.4,
                         "tasks_before": 20, "tasks_after": 10}""");
        checkInAllVariants(page -> {
            page.navigate("/insights?instruction=" + task.replace(" ", "+"));
            page.locator(".expectation summary").click();
        });
    }

    @Test
    void insightsPage_withoutAMatch() {
        checkInAllVariants(page -> {
            page.navigate("/insights?instruction=unknown+instruction");
            page.locator("st-empty-state h2").waitFor();
        });
    }

    @Test
    void runPage_withEverythingExpanded() {
        checkInAllVariants(page -> {
            openAll(RunPage.open(page, ViewerCloud.demo(), "#step=2"));
            assertFits(page, VERY_WIDE);
            assertThat(page.locator("main").boundingBox().width).isBetween(1000.0, 2000.0);
            assertThat(page.locator(".player .stage").boundingBox().height).isBetween(300.0, 900.0);
        });
    }

    private static void openAll(RunPage run) {
        run.page().evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
        run.page().locator(".wiped canvas").waitFor();
        run.page().locator(".step pre").first().waitFor();
    }

    @Test
    void runningTask_withAVeiledScreenshot() throws Exception {
        Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
        SentRun run = SentRun.of(cloud(), Map.of("name", "live"))
                .doing(Map.of("action", "Type", "text", "something"), screen)
                .doing(Map.of("action", "Tap", "element", List.of(500, 500)), screen.sensitive())
                .sent();
        checkInAllVariants(page -> {
            RunPage.open(page, run.task());
            page.locator(".player .stage[data-state=veiled]").waitFor();
        });
    }

    @Test
    void runWithoutSteps() {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        checkInAllVariants(page -> {
            page.navigate("/tasks/" + ViewerCloud.sample("torch-no-steps"));
            page.locator(".head").waitFor();
        });
    }

    @Test
    void twoRunsSideBySide() {
        checkInAllVariants(page -> {
            page.navigate("/compare?a=" + ViewerCloud.demo() + "&b=" + ViewerCloud.sample("flight-launch-failed"));
            page.locator("st-stage[shown]").last().waitFor();
        });
    }

    @Test
    void sharedRun() throws Exception {
        String token = token();
        checkInBothLanguages(
                (page, language) -> {
                    page.navigate("/shared/" + ViewerCloud.demo() + "#share=" + token);
                    new RunPage(page)
                            .stage()
                            .and(page.locator("[data-state=shown]"))
                            .waitFor();
                },
                this::stranger);
    }

    /** Creates a share link and returns its token. */
    private String token() {
        RunPage run = RunPage.open(reader(), ViewerCloud.demo());
        run.fold("Share").locator("summary").click();
        run.fold("Share").locator("button.primary").click();
        run.page().locator(".made input").waitFor();
        return run.page().locator(".made input").inputValue().replaceFirst(".*#share=", "");
    }

    @Test
    void pagesBeforeSignIn() {
        checkInBothLanguages(
                (page, language) -> {
                    page.navigate("/");
                    page.locator("main button.primary").waitFor();
                },
                this::stranger);
        checkInBothLanguages(
                (page, language) -> {
                    page.navigate("/");
                    page.locator("main button.primary").click();
                    page.locator("a.choice").first().waitFor();
                },
                this::stranger);
    }

    @Test
    void missingTask() {
        faults.expect("404");
        checkInAllVariants(page -> {
            page.navigate("/tasks/0190a7c0-0000-7000-8000-000000000000");
            page.locator(".problem").waitFor();
        });
    }
}
