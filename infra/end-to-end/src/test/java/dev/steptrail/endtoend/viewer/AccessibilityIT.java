package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Checks each page with axe-core: in Chinese, light, on a wide window, and in English, dark, on a narrow one.
 * {@code -Dsteptrail.all-variants} adds other combinations.
 */
@Order(2)
class AccessibilityIT extends BrowserTest {
    private static final List<String> RULES =
            List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");
    private static final int NARROW = 390;
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
            if (ALL_VARIANTS || !english) {
                check(page, WIDE, ColorScheme.LIGHT);
            }
            if (ALL_VARIANTS) {
                check(page, WIDE, ColorScheme.DARK);
            }
            if (ALL_VARIANTS || english) {
                check(page, NARROW, english ? ColorScheme.DARK : ColorScheme.LIGHT);
            }
        }
    }

    private static void check(Page page, int width, ColorScheme scheme) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        assertFits(page, width);
        AxeRunOptions options = new AxeRunOptions();
        options.setResultTypes(List.of("violations")); // reporting passed rules is slower than checking them
        List<String> violations = new AxeBuilder(page)
                        .options(options)
                        .withTags(RULES)
                        .setLegacyMode(true) // avoids a second page for frames, which these pages do not have
                        .analyze()
                        .getViolations()
                        .stream()
                        .flatMap(rule -> rule.getNodes().stream()
                                .map(node -> rule.getId() + " " + node.getTarget() + " " + node.getHtml() + " "
                                        + node.getFailureSummary()))
                        .toList();
        assertThat(violations).as(page.url() + " " + scheme + " " + width).isEmpty();
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
            page.locator("st-tasks-page st-empty-state").waitFor();
        });
    }

    @Test
    void insightsPage_withEverythingExpanded() throws Exception {
        String task = "open " + UUID.randomUUID();
        ViewerCloud.addInsights(task);
        checkInAllVariants(page -> {
            page.navigate("/insights?instruction=" + task.replace(" ", "+"));
            page.locator("st-expectation summary").click();
        });
    }

    @Test
    void insightsPage_withoutAMatch() {
        checkInAllVariants(page -> {
            page.navigate("/insights?instruction=unknown+instruction");
            page.locator("st-insights-page st-empty-state").waitFor();
        });
    }

    @Test
    void task_withEachTab() {
        for (String tab : List.of("task", "step", "model", "findings", "notes", "json")) {
            checkInAllVariants(page -> {
                TaskPage.open(page, ViewerCloud.sample("flower-photo-loop"), "#step=20&tab=" + tab)
                        .awaitPicture("before", 20);
                page.locator("st-" + tab + "-tab").waitFor();
                assertFits(page, VERY_WIDE);
            });
        }
    }

    @Test
    void task_withTheDifference() {
        checkInAllVariants(page -> {
            TaskPage task = TaskPage.open(page, ViewerCloud.demo(), "#step=2").awaitPicture("before", 2);
            task.press("b");
            task.press("b");
            page.locator("st-difference canvas").waitFor();
        });
    }

    @Test
    void task_withAVerdictBeingGiven() throws Exception {
        String sent = SentRun.of(cloud(), Map.of("name", "to be judged"))
                .doing(Map.of("action", "Back"), Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40)))
                .ended("succeeded")
                .sent()
                .task();
        checkInAllVariants(page -> {
            TaskPage.open(page, sent).awaitPicture("before", 1).press("f");
            page.locator("st-verdict-bar form").waitFor();
        });
    }

    @Test
    void dialogsOfTheTask() {
        checkInAllVariants(page -> {
            TaskPage task = TaskPage.open(page, ViewerCloud.demo()).awaitPicture("before", 1);
            task.bar().getByLabel(Pattern.compile("^(Share|分享)$")).first().click();
            page.locator("st-share-dialog button.primary").click();
            page.locator("st-share-dialog .link input").waitFor();
        });
        checkInAllVariants(page -> {
            TaskPage task = TaskPage.open(page, ViewerCloud.demo()).awaitPicture("before", 1);
            task.bar().getByLabel(Pattern.compile("^(Export|导出)$")).first().click();
            page.locator("[data-format=pdf]").waitFor();
        });
    }

    @Test
    void menus() {
        checkInAllVariants(page -> {
            TaskPage.open(page, ViewerCloud.demo()).awaitPicture("before", 1);
            page.locator("st-account-menu button").click();
            page.locator("wa-dropdown-item[value=sign-out]").waitFor();
        });
        checkInAllVariants(page -> {
            TaskPage.open(page, ViewerCloud.demo()).awaitPicture("before", 1);
            page.locator("st-task-bar wa-dropdown button").click();
            page.locator("wa-dropdown-item[value=copy]").waitFor();
        });
    }

    @Test
    void confirmationAndHelp() {
        checkInAllVariants(page -> {
            TaskPage.open(page, ViewerCloud.demo()).awaitPicture("before", 1);
            page.locator("st-task-bar wa-dropdown button").click();
            page.locator("wa-dropdown-item[value=delete]").click();
            page.locator("st-confirm-dialog button.danger").waitFor();
        });
        checkInAllVariants(page -> {
            TaskPage.open(page, ViewerCloud.demo()).awaitPicture("before", 1).press("?");
            page.locator("st-help-dialog kbd").first().waitFor();
        });
    }

    @Test
    void list_asAGrid_inGroups_withAnOpenFilter_andWithASelection() {
        checkInAllVariants(page -> {
            page.navigate("/?view=grid");
            page.locator("st-task-table .grid .card").first().waitFor();
        });
        checkInAllVariants(page -> {
            page.navigate("/?group=experiment");
            page.locator("st-group-list .group").first().waitFor();
        });
        checkInAllVariants(page -> {
            page.navigate("/");
            page.locator("st-filter-chip[data-filter=model] .trigger").click();
            page.locator("st-filter-chip[data-filter=model] st-value-list li")
                    .first()
                    .waitFor();
        });
        checkInAllVariants(page -> {
            page.navigate("/");
            page.locator("st-task-table input[type=checkbox]").first().check();
            page.locator("st-selection-bar").waitFor();
        });
    }

    @Test
    void runningTask_withAVeiledScreenshot() throws Exception {
        Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
        SentRun run = SentRun.of(cloud(), Map.of("name", "live"))
                .doing(Map.of("action", "Type", "text", "something"), screen)
                .doing(Map.of("action", "Tap", "element", List.of(500, 500)), screen.sensitive())
                .sent();
        checkInAllVariants(page -> {
            TaskPage.open(page, run.task());
            page.locator("st-stage[state=veiled]").waitFor();
        });
    }

    @Test
    void taskWithoutSteps() {
        faults.expect("404"); // the page requests the first picture before it knows that there is none
        checkInAllVariants(page -> {
            page.navigate("/tasks/" + ViewerCloud.sample("torch-no-steps"));
            page.locator("st-task-tab dl").first().waitFor();
        });
    }

    @Test
    void twoRunsSideBySide() {
        checkInAllVariants(page -> {
            page.navigate("/compare?a=" + ViewerCloud.demo() + "&b=" + ViewerCloud.sample("flight-launch-failed"));
            page.locator("st-compare-page st-stage").first().waitFor();
        });
    }

    @Test
    void sharedTask() {
        String token = token();
        checkInBothLanguages(
                (page, language) -> {
                    page.navigate("/shared/" + ViewerCloud.demo() + "#share=" + token);
                    new TaskPage(page).awaitPicture("before", 1);
                },
                this::stranger);
    }

    /** Creates a share link and returns its token. */
    private String token() {
        Locator dialog = TaskPage.open(reader(), ViewerCloud.demo()).share();
        dialog.locator("button.primary").click();
        dialog.locator(".link input").waitFor();
        return dialog.locator(".link input").inputValue().replaceFirst(".*#share=", "");
    }

    @Test
    void pagesBeforeSignIn() {
        checkInBothLanguages(
                (page, language) -> {
                    page.navigate("/tasks/" + ViewerCloud.demo());
                    page.locator("st-welcome-page button.primary").waitFor();
                },
                this::stranger);
        checkInBothLanguages(
                (page, language) -> {
                    page.navigate("/tasks/" + ViewerCloud.demo());
                    page.locator("st-welcome-page button.primary").click();
                    page.locator("a.choice").first().waitFor();
                },
                this::stranger);
    }

    @Test
    void missingTaskAndUnknownPage() {
        faults.expect("404");
        for (String address : List.of("/tasks/0190a7c0-0000-7000-8000-000000000000", "/no-such-page")) {
            checkInAllVariants(page -> {
                page.navigate(address);
                page.locator("h1").waitFor();
            });
        }
    }

    @Test
    void pageWithAnError() {
        faults.expect("503|thrown: Problem");
        checkInAllVariants(page -> {
            page.route(
                    "**/steps?*",
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setStatus(503)
                            .setBody("{\"detail\":\"starting\",\"trace_id\":\"1-abc\"}")));
            page.navigate("/tasks/" + ViewerCloud.demo());
            page.locator("[role=alert] button").first().waitFor();
        });
    }
}
