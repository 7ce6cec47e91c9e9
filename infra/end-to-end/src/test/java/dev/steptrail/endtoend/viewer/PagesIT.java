package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every page, also with its menus and dialogs open: it never scrolls sideways, and axe-core finds no violation.
 * {@link Faults} reports violations of the content security policy.
 */
@Order(2)
class PagesIT extends BrowserTest {
    private record Size(int width, int height) {}

    private static final Size NARROW = new Size(390, 844);
    private static final Size WIDE = new Size(1440, 900);
    private static final Size LAPTOP = new Size(1366, 768);
    private static final List<Size> OTHER_SIZES = List.of(
            LAPTOP, new Size(1920, 1080), new Size(2560, 1440), new Size(3840, 2160), new Size(768, 1024), NARROW);

    /** The folder for the nightly screenshots of each page, at each size. */
    private static final @Nullable String FOLDER = System.getProperty("steptrail.page-sizes");

    /** The views that are not only checked at night. */
    private static final Set<String> FIRST = Set.of(
            "tasks",
            "open filter",
            "insights with everything expanded",
            "tab task",
            "tab step",
            "tab findings",
            "difference",
            "verdict",
            "comparison",
            "share",
            "welcome",
            "sign-in");

    private static final List<String> TABS = List.of("task", "step", "model", "findings", "notes", "json");

    /** Whether the topmost element at the middle of an element is this element or inside it. */
    private static final String IS_ON_TOP = """
            (element) => {
              const { left, top, width, height } = element.getBoundingClientRect();
              let found = document.elementFromPoint(left + width / 2, top + height / 2);
              while (found?.shadowRoot && found !== element) {
                const inner = found.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
                if (inner === null || inner === found) break;
                found = inner;
              }
              return found !== null && (found === element || element.contains(found));
            }""";

    private interface Opening {
        void open(Page page) throws Exception;
    }

    /** A page in one of its states. */
    private record View(String name, boolean isSignedIn, Opening opening) {
        /** A page that opens by its address alone. */
        static View at(String name, String address, String content) {
            return reached(name, page -> {
                page.navigate(address);
                page.locator(content).first().waitFor();
            });
        }

        /** A page that its reader reaches in several steps. */
        static View reached(String name, Opening opening) {
            return new View(name, true, opening);
        }

        /** A state of the demo's task that a click opens. */
        static View clicked(String name, String button, String content) {
            return reached(name, page -> {
                demo(page);
                page.locator(button).first().click();
                page.locator(content).first().waitFor();
            });
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static TaskPage demo(Page page) {
        return TaskPage.open(page, ViewerCloud.demo(), "#step=2").awaitPicture("before", 2);
    }

    static Stream<View> views() {
        return Stream.of(lists(), insights(), tabs(), tasks(), dialogs(), otherPages(), pagesOfStrangers())
                .flatMap(views -> views);
    }

    private static Stream<View> lists() {
        return Stream.of(
                View.at("tasks", "/?agent=steptrail-demo", "st-task-table [data-task]"),
                View.at("no tasks", "/?agent=unknown", "st-tasks-page st-empty-state"),
                View.at("grid", "/?view=grid", "st-task-table .grid .card"),
                View.at("groups", "/?group=experiment", "st-group-list .group"),
                View.reached("open filter", page -> {
                    Locator filter = TaskListPage.open(page, "").openFilter("model");
                    filter.locator("st-value-list li").first().waitFor();
                }),
                View.reached("selection", page -> {
                    page.navigate("/");
                    page.locator("st-task-table input[type=checkbox]").first().check();
                    page.locator("st-selection-bar").waitFor();
                }));
    }

    private static Stream<View> insights() {
        return Stream.of(
                View.reached("insights with everything expanded", page -> {
                    String instruction = "open " + UUID.randomUUID();
                    ViewerCloud.addInsights(instruction);
                    page.navigate("/insights?instruction=" + instruction.replace(" ", "+"));
                    page.locator("st-expectation summary").click();
                }),
                View.at("no insights", "/insights?instruction=unknown", "st-insights-page st-empty-state"));
    }

    private static Stream<View> tabs() {
        return TABS.stream()
                .map(tab -> View.reached("tab " + tab, page -> {
                    TaskPage.open(page, ViewerCloud.sample("flower-photo-loop"), "#step=20&tab=" + tab)
                            .awaitPicture("before", 20);
                    page.locator("st-" + tab + "-tab").waitFor();
                }));
    }

    private static Stream<View> tasks() {
        return Stream.of(
                View.at("no steps", "/tasks/" + ViewerCloud.sample("torch-no-steps"), "st-task-tab dl"),
                View.reached("difference", page -> {
                    TaskPage task = demo(page);
                    task.press("b");
                    task.press("b");
                    page.locator("st-difference canvas").waitFor();
                }),
                View.reached("verdict", page -> {
                    demo(page).press("f");
                    page.locator("st-verdict-bar form").waitFor();
                }),
                View.reached("running task with a veiled screenshot", page -> {
                    SentRun run = SentRun.of(ViewerCloud.cloud(), Map.of("name", "live"))
                            .doing(Map.of("action", "Type", "text", "something"), Picture.SCREEN)
                            .doing(Map.of("action", "Back"), Picture.SCREEN.sensitive())
                            .sent();
                    TaskPage.open(page, run.task());
                    page.locator("st-stage[state=veiled]").waitFor();
                }),
                View.at(
                        "comparison",
                        "/compare?a=" + ViewerCloud.demo() + "&b=" + ViewerCloud.sample("flower-photo-loop"),
                        "st-compare-page st-stage"));
    }

    private static Stream<View> dialogs() {
        String menu = "st-task-bar wa-dropdown button";
        return Stream.of(
                View.clicked("account menu", "st-account-menu button", "wa-dropdown-item[value=sign-out]"),
                View.clicked("menu of the task", menu, "wa-dropdown-item[value=copy]"),
                View.clicked(
                        "export", "st-task-bar button:is([aria-label=Export], [aria-label=导出])", "[data-format=pdf]"),
                View.reached("share", page -> {
                    demo(page);
                    page.locator("st-task-bar button:is([aria-label=Share], [aria-label=分享])")
                            .click();
                    page.locator("st-share-dialog button.primary").click();
                    page.locator("st-share-dialog .link input").waitFor();
                }),
                View.reached("confirmation", page -> {
                    demo(page);
                    page.locator(menu).click();
                    page.locator("wa-dropdown-item[value=delete]").click();
                    page.locator("st-confirm-dialog button.danger").waitFor();
                }),
                View.reached("help", page -> {
                    demo(page).press("?");
                    page.locator("st-help-dialog kbd").first().waitFor();
                }));
    }

    private static Stream<View> otherPages() {
        return Stream.of(
                View.at("missing task", "/tasks/0190a7c0-0000-7000-8000-000000000000", "h1"),
                View.at("unknown page", "/no-such-page", "h1"),
                View.reached("error", page -> {
                    page.route(
                            "**/steps?*",
                            route -> route.fulfill(new Route.FulfillOptions()
                                    .setStatus(503)
                                    .setBody("{\"detail\":\"starting\",\"trace_id\":\"1-abc\"}")));
                    page.navigate("/tasks/" + ViewerCloud.demo());
                    page.locator("[role=alert] button").first().waitFor();
                }));
    }

    private static Stream<View> pagesOfStrangers() {
        String address = "/tasks/" + ViewerCloud.demo();
        return Stream.of(
                new View("welcome", false, page -> {
                    page.navigate(address);
                    page.locator("st-welcome-page button.primary").waitFor();
                }),
                new View("sign-in", false, page -> {
                    page.navigate(address);
                    page.locator("st-welcome-page button.primary").click();
                    page.locator("a.choice").first().waitFor();
                }),
                new View("incomplete link", false, page -> {
                    page.navigate("/shared/" + ViewerCloud.demo());
                    page.locator("h1").waitFor();
                }));
    }

    static Stream<View> firstViews() {
        return views().filter(view -> FIRST.contains(view.name()));
    }

    @ParameterizedTest
    @MethodSource("firstViews")
    void page_fitsAWideAndANarrowWindow_andIsAccessible(View view) throws Exception {
        Page page = open(view, english());

        check(page, view.name(), ColorScheme.LIGHT, WIDE);
        assertFits(page, view.name(), NARROW);
    }

    private Page open(View view, Browser.NewContextOptions options) throws Exception {
        faults.expect("40[14]|503|thrown: Problem"); // pages of missing tasks, without steps and with an error
        Page page = view.isSignedIn() ? reader(options) : stranger(options);
        view.opening().open(page);
        return page;
    }

    private static void check(Page page, String name, ColorScheme scheme, Size size) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        assertFits(page, name, size);
        assertAccessible(page, name + " " + scheme + " " + size);
    }

    private static void assertFits(Page page, String name, Size size) {
        resize(page, size.width(), size.height());
        assertThat(page.evaluate("document.scrollingElement.scrollWidth"))
                .as(name + " " + size)
                .isEqualTo(size.width());
    }

    @Test
    void sharedTask_isAccessible() {
        Page page = stranger();
        page.navigate(shareLink(ViewerCloud.demo()) + "&step=4");
        new TaskPage(page).awaitPicture("before", 4);

        check(page, "shared", ColorScheme.DARK, NARROW);
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("views")
    void page_fitsEverySize_inBothLanguagesAndThemes(View view) throws Exception {
        for (String locale : List.of("en-GB", "zh-CN")) {
            Page page = open(view, english().setLocale(locale));
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                check(page, view + " " + locale, scheme, WIDE);
                for (Size size : OTHER_SIZES) {
                    assertFits(page, view + " " + locale, size);
                    save(page, String.join("-", view.name(), locale, scheme.name(), size.width() + ".png"));
                }
                check(page, view + " " + locale, scheme, NARROW);
            }
        }
    }

    private static void save(Page page, String name) throws IOException {
        if (FOLDER != null) {
            Path folder = Files.createDirectories(Path.of(FOLDER));
            Files.write(folder.resolve(name.replace(' ', '-')), page.screenshot());
        }
    }

    /** Nothing scrolls, and every control of the playback is visible. */
    @Test
    void taskWithLongTexts_fitsTheWindow_withEachTab() {
        Page page = reader();
        TaskPage task = TaskPage.open(page, ViewerCloud.sample("flower-photo-loop"), "#step=20")
                .awaitPicture("before", 20);
        for (String tab : TABS) {
            task.tab(tab).waitFor();
            resize(page, LAPTOP.width(), LAPTOP.height());
            assertThat(page.evaluate("[document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]"))
                    .as(tab)
                    .isEqualTo(List.of(LAPTOP.width(), LAPTOP.height()));
            Locator screen = page.locator("st-stage .screen");
            assertThat(screen.boundingBox().height).as(tab).isGreaterThan(0.5 * LAPTOP.height());
            List<Locator> visible =
                    new ArrayList<>(task.controls().locator("button, select").all());
            assertThat(visible).as(tab).hasSizeGreaterThan(10);
            visible.add(screen);
            visible.forEach(element -> assertIsVisible(element, LAPTOP, tab));
        }
    }

    private static void assertIsVisible(Locator element, Size size, String where) {
        BoundingBox box = element.boundingBox();
        String name = where + " " + element.getAttribute("aria-label");
        assertThat(List.of(box.x, box.y)).as(name).allMatch(edge -> edge >= 0);
        assertThat(box.x + box.width).as(name).isLessThanOrEqualTo(size.width());
        assertThat(box.y + box.height).as(name).isLessThanOrEqualTo(size.height());
        assertThat(element.evaluate(IS_ON_TOP)).as(name).isEqualTo(true);
    }

    /** For example a phone on its side, or a window that is zoomed to 200 %. */
    @Test
    void shortWindow_scrollsDown_andShowsTheScreen() {
        Page page = reader();
        demo(page);
        for (Size size : List.of(new Size(844, 390), new Size(683, 384))) {
            assertFits(page, "short window", size);

            assertThat(page.locator("st-stage .screen").boundingBox().height)
                    .as(size.toString())
                    .isGreaterThan(140);
        }
    }
}
