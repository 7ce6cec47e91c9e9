package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.endtoend.InsightRows;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The viewer never interprets text from an agent, or from the screens that it read, as markup. */
class AgentTextIT extends BrowserTest {
    private static final String HOSTILE =
            "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'></think></div>${ran}{{ran}}<!-- \"'&lt;";
    private static final String BACKWARDS =
            "before \u202Egnp.exe\u202C after \u2067לא\u2069 \u0000".replace("\u0000", "");

    @SafeVarargs
    private TaskPage opened(Map<String, ?>... steps) throws Exception {
        faults.expect("/screenshot\\?redirect=false"); // these steps have no screenshots
        SentRun run = SentRun.of(
                cloud(), Map.of("name", HOSTILE, "description", HOSTILE, "agent", HOSTILE, "model", BACKWARDS));
        for (Map<String, ?> step : steps) {
            run.step(step);
        }
        run.ended("failed").sent();
        return TaskPage.open(reader(), run.task()).awaitStep(1);
    }

    private static void assertNothingRan(Page page) {
        assertThat(page.evaluate("window.ran")).isNull();
        assertThat(page.locator("main script, img[src=x], think")).hasCount(0);
    }

    /** Every test of a page fails if the page violates the policy. */
    @Test
    void violationsOfThePolicy_areBlocked_andDetected() {
        Page page = TaskPage.open(reader(), ViewerCloud.demo()).page();

        assertThat(page.locator("h1").evaluate("""
                        (element, text) => {
                          element.setAttribute('style', 'position: fixed');
                          try {
                            element.innerHTML = text;
                          } catch (error) {
                            return error.name + ' ' + getComputedStyle(element).position;
                          }
                        }""", HOSTILE)).isEqualTo("TypeError static");
        page.waitForCondition(
                () -> faults.unexpected().toString().matches("(?s).*style-src.*require-trusted-types-for.*"));
        faults.expect("style-src|inline style|require-trusted-types-for|TrustedHTML");
    }

    @Test
    void markup_isShownAsText_inEveryField() throws Exception {
        TaskPage task = opened(Map.ofEntries(
                Map.entry("thinking", HOSTILE),
                Map.entry("success", false),
                Map.entry("error_message", HOSTILE),
                Map.entry("step_type", "x-<b>bold</b>"),
                Map.entry("action", Map.of("action", HOSTILE, "text", HOSTILE)),
                Map.entry("action_result", Map.of(HOSTILE, HOSTILE))));
        Page page = task.page();

        assertThat(page.locator("h1")).hasText(HOSTILE);
        assertThat(page).hasTitle("\u2068" + HOSTILE + "\u2069 · Steptrail");
        assertThat(page.locator("st-step-list li .ellipsis")).containsText(HOSTILE);
        Locator details = task.tab("task");
        assertThat(details.locator(".instruction .text")).hasText(HOSTILE);
        assertThat(details.locator(".error .text")).hasText(HOSTILE);
        assertThat(details.locator("dl").first()).containsText(HOSTILE);
        Locator step = task.tab("step");
        assertThat(step.locator(".text").nth(0)).hasText(HOSTILE);
        assertThat(step.locator(".text").nth(1)).hasText(HOSTILE);
        assertThat(step).containsText("</think>");
        assertThat(task.tab("findings")).containsText(HOSTILE);
        Locator notes = task.tab("notes");
        notes.getByLabel("Add a note").fill(HOSTILE);
        notes.getByText("Add note").click();
        assertThat(notes.locator("li .text")).hasText(HOSTILE);
        assertThat(task.tab("json")).containsText("x-<b>bold</b>");
        task.search().fill("<script>");
        assertThat(task.steps()).hasCount(1);
        assertNothingRan(page);
        TaskListPage list = TaskListPage.open(page, "?text=window.ran");
        assertThat(list.names().first()).hasText(HOSTILE);
        assertNothingRan(page);
    }

    @Test
    void insights_showMarkupAsText() throws Exception {
        String task = UUID.randomUUID() + " " + HOSTILE;
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        List.of("error", "from", "to", "dimension", "what").forEach(name -> figures.put(name, HOSTILE));
        figures.put("success_rate", 0.5).put("success_rate_low", 0.4).put("success_rate_high", 0.6);
        figures.put("before", 1).put("after", 2).putArray("usual_path").add(HOSTILE);
        figures.putArray("actions").add(HOSTILE);
        InsightRows rows = new InsightRows(cloud(), "demo");
        for (String kind : List.of(
                "regression",
                "similar_failures",
                "frequent_sequence",
                "expectation",
                HOSTILE,
                "constructor",
                "__proto__")) {
            rows.add(task.toLowerCase(Locale.ROOT), kind, figures.toString());
        }
        Page page = reader();

        page.navigate("/insights?instruction=" + URLEncoder.encode(task, UTF_8));

        Locator insights = page.locator("st-insights-page");
        assertThat(insights).containsText(task.toLowerCase(Locale.ROOT));
        for (String text : List.of("__proto__", "constructor", "<script>window.ran = 1</script><img src=x")) {
            assertThat(insights).containsText(text);
        }
        assertNothingRan(page);
    }

    @Test
    void rightToLeftOverride_affectsOnlyItsText_andNotTheSentenceAroundIt() throws Exception {
        TaskPage task = opened(
                Map.of("thinking", BACKWARDS, "error_message", BACKWARDS, "success", false),
                Map.of("action", Map.of("action", "Type", "text", "a\u202egpj.exe")));

        Locator texts = task.tab("step").locator(".text");
        assertThat(texts).hasText(new String[] {BACKWARDS, BACKWARDS});
        for (Locator text : texts.all()) {
            assertThat(text).hasCSS("unicode-bidi", Pattern.compile("isolate|plaintext"));
        }
        assertThat(task.step(1).locator(".ellipsis")).hasCSS("unicode-bidi", Pattern.compile("isolate|plaintext"));
        assertThat(task.step(2)).containsText("Type \u201c\u2068agpj.exe\u2069\u201d");
    }

    @Test
    void longTexts_areTruncated_expandOnDemand_andKeepTheLayout() throws Exception {
        faults.expect("/screenshot\\?redirect=false"); // the steps have no screenshots
        String text = "<b>long</b> ".repeat(7_000).strip();
        SentRun sent = SentRun.of(cloud(), Map.of("description", text))
                .step(Map.of(
                        "thinking",
                        text,
                        "success",
                        false,
                        "error_message",
                        text,
                        "action",
                        Map.of("action", text.substring(0, 50_000))))
                .step(Map.of("thinking", "short"))
                .ended("failed", Map.of("message", text))
                .sent();
        TaskPage task = TaskPage.open(reader(), sent.task()).awaitStep(1);
        Page page = task.page();

        assertThat(page.locator("h1")).hasText(Pattern.compile("^<b>long</b> .{350,400}…$"));
        assertThat(page.title())
                .hasSizeLessThan(250)
                .startsWith("\u2068<b>long</b> ")
                .endsWith("…\u2069 · Steptrail");
        assertThat(task.steps().first().textContent()).hasSizeLessThan(700);
        assertThat(task.tab("findings").locator(".counts").textContent()).hasSizeLessThan(700);
        Locator texts = task.tab("task").locator("st-long-text .text");
        assertThat(texts).hasCount(3);
        for (Locator each : texts.all()) {
            assertThat(each.textContent()).hasSizeLessThan(1300);
        }
        assertThat(page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertThat(task.button("Play")).isInViewport();
        Locator instruction = page.locator("st-task-tab .instruction");
        instruction.getByText("Show all 83,999 characters").click();
        assertThat(instruction.locator(".text")).hasText(text);
        assertThat(instruction.locator(".text")).isFocused();
        Locator thinking = task.tab("step").locator("st-long-text").nth(1); // after the error
        assertThat(thinking.locator(".text").textContent()).hasSizeLessThan(4000);
        thinking.getByText("Show all").click();
        assertThat(thinking.getByText("Show all")).hasCount(0);
        assertThat(thinking.locator(".text")).hasText(text);
        assertThat(page.locator("st-step-tab b")).hasCount(0);
        task.search().fill("short");
        assertThat(task.steps()).hasCount(1);
        task.search().fill("<b>long");
        assertThat(page.locator("st-step-list [role=status]")).hasText("1 found");
    }

    @Test
    void namesOfJavaScriptProperties_areOrdinaryNames() throws Exception {
        TaskPage task = opened(
                Map.of("step_type", "constructor"),
                Map.of("step_type", "__proto__"),
                Map.of("action", Map.of("action", "__proto__", "__proto__", Map.of("a", 1))),
                Map.of("action", Map.of("action", "toString", "element", Map.of("toString", 1, "valueOf", 1))),
                Map.of("action", Map.of("action", "Tap", "element", List.of(Map.of("toString", 1, "valueOf", 1)))),
                Map.of("action", Map.of("action", List.of("Tap"), "app", 7)));

        assertThat(task.steps().locator(".ellipsis"))
                .hasText(new String[] {"constructor", "__proto__", "__proto__", "toString", "Tap", "Action"});
        assertThat(task.tab("findings").locator(".counts")).containsText("__proto__");
        task.tab("step");
        task.page().locator("h1").click(); // arrow keys move between tabs while a tab has the focus
        for (int number = 2; number <= 6; number++) {
            task.press("ArrowRight");
            task.awaitStep(number);
        }
    }

    @Test
    void valuesThatTheShipperMoved_areMarked_andLoadedOnDemand(@TempDir Path outbox) throws Exception {
        String instruction = "Do it. ".repeat(20_000).strip();
        String thinking = "I think. ".repeat(20_000).strip();
        UUID id;
        try (StepTracker tracker = StepTracker.builder(outbox).shipping(false).build();
                TrackedTask task = tracker.startTask(instruction)) {
            id = task.id();
            task.record(StepData.action(Map.of("action", "Tap", "text", "t".repeat(100_000)))
                    .thinking(thinking)
                    .build());
            task.failed("no");
        }
        PrintWriter out = new PrintWriter(System.out, true);
        assertThat(Steptrail.run(cloud().environment(), out, out, "ship", "--once", "--outbox", outbox.toString()))
                .isZero();
        cloud().awaitIngest();
        faults.expect("/screenshot\\?redirect=false"); // the step has no screenshot
        TaskPage task = TaskPage.open(reader(), id.toString());

        Locator steps = task.tab("step").locator("st-recorded-text");
        assertThat(steps.first()).containsText("Not all is shown. The complete value has 180,001 bytes.");
        steps.first().getByText("Load").click();
        steps.first().getByText("Show all 179,999 characters").click();
        assertThat(steps.first().locator(".text")).hasText(thinking);
        steps.nth(1).getByText("Load").click();
        assertThat(steps.nth(1)).containsText("\"text\": \"ttt");
        Locator shown = task.tab("task").locator(".instruction");
        shown.getByText("Load").click();
        shown.getByText("Show all 139,999 characters").click();
        assertThat(shown.locator(".text")).hasText(instruction);
    }

    @Test
    void thousandsOfFields_areNotAllShown() throws Exception {
        Map<String, Object> action = new TreeMap<>(Map.of("action", "Back"));
        IntStream.range(0, 5000).forEach(number -> action.put("field_" + number, number));
        TaskPage task = opened(Map.of("action", action), Map.of());

        Locator step = task.tab("step");

        assertThat(step.locator("dt")).hasCount(100);
        assertThat(step).containsText("and 4,901 more");
    }
}
