package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.steptrail.endtoend.InsightRows;
import java.net.URLEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The viewer never interprets text from an agent, or from the screens that it read, as markup. */
class AgentTextIT extends BrowserTest {
    private static final String HOSTILE =
            "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'></think></div>${ran}{{ran}}<!-- \"'&lt;";
    private static final String BACKWARDS =
            "before \u202Egnp.exe\u202C after \u2067לא\u2069 \u0000".replace("\u0000", "");

    private RunPage opened(Map<String, ?>... steps) throws Exception {
        faults.expect("/screenshot\\?redirect=false"); // these steps have no screenshots
        SentRun run = SentRun.of(
                cloud(),
                Map.of("name", HOSTILE, "description", HOSTILE + HOSTILE, "agent", HOSTILE, "model", BACKWARDS));
        for (Map<String, ?> step : steps) {
            run.step(step);
        }
        run.ended("failed").sent();
        RunPage page = RunPage.open(reader(), run.task());
        page.awaitStep(1);
        return page;
    }

    private static void assertNothingRan(Page page) {
        assertThat(page.evaluate("window.ran")).isNull();
        assertThat(page.locator("main script, main img[src=x], main think")).hasCount(0);
    }

    @Test
    void innerHtml_isRejectedByTrustedTypes() {
        faults.expect("require-trusted-types-for|TrustedHTML");
        Page page = RunPage.open(reader(), ViewerCloud.demo()).page();

        assertThat(page.evaluate("""
                        (text) => {
                          try {
                            document.querySelector('h1').innerHTML = text;
                          } catch (error) {
                            return error.name;
                          }
                        }""", HOSTILE)).isEqualTo("TypeError");
    }

    @Test
    @SuppressWarnings("unchecked")
    void markup_isShownAsText_inEveryField() throws Exception {
        RunPage run = opened(Map.of(
                "thinking",
                HOSTILE,
                "success",
                false,
                "error_message",
                HOSTILE,
                "step_type",
                "x-<b>bold</b>",
                "action",
                Map.of("action", HOSTILE, "text", HOSTILE),
                "action_result",
                Map.of(HOSTILE, HOSTILE)));
        Page page = run.page();

        assertThat(page.locator("h1")).hasText(HOSTILE);
        assertThat(page).hasTitle("\u2068" + HOSTILE + "\u2069 · Steptrail");
        assertThat(page.locator(".description")).hasText(HOSTILE + HOSTILE);
        assertThat(run.step(1).locator(".thinking")).hasText(HOSTILE);
        assertThat(run.step(1).locator("p.wrong")).hasText(HOSTILE);
        assertThat(run.step(1)).containsText("x-<b>bold</b>");
        assertThat(page.locator("figcaption .thought")).hasText(HOSTILE);
        assertThat(page.locator("figcaption .did")).containsText(HOSTILE);
        assertThat(page.locator(".findings")).containsText(HOSTILE);
        run.search().fill("<script>");
        assertThat(run.step(1).locator("mark").first()).hasText("<script>");
        run.step(1).getByText("As JSON").click();
        assertThat(run.step(1).locator("pre")).containsText("</think>");
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

        assertThat(page.locator(".group h2")).hasText(task.toLowerCase(Locale.ROOT));
        assertThat(page.locator(".insights h3")).hasCount(6);
        assertThat(page.locator(".insights h3").nth(3)).hasText("__proto__");
        assertThat(page.locator(".insights q").first()).hasText(HOSTILE);
        assertThat(page.locator(".compared li span").first()).containsText(HOSTILE.substring(0, 60));
        assertThat(page.locator(".insights ol li").first()).hasText(HOSTILE);
        page.locator(".expectation summary").click();
        assertThat(page.locator(".expectation ol li")).hasText(HOSTILE);
        assertNothingRan(page);
    }

    @Test
    @SuppressWarnings("unchecked")
    void rightToLeftOverride_affectsOnlyItsText() throws Exception {
        RunPage run = opened(Map.of("thinking", BACKWARDS), Map.of("error_message", BACKWARDS, "success", false));

        for (Locator text : List.of(
                run.step(1).locator(".thinking"),
                run.step(2).locator("p.wrong"),
                run.page().locator("figcaption .thought"))) {
            assertThat(text).hasText(BACKWARDS);
            assertThat(text).hasCSS("unicode-bidi", Pattern.compile("isolate|plaintext"));
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void oneMegabyteOfText_isTruncated_andExpandsOnDemand() throws Exception {
        String text = "<b>long</b> ".repeat(90_000);
        RunPage run = opened(Map.of("thinking", text), Map.of("thinking", "short"));
        Locator thinking = run.step(1).locator(".thinking");

        assertThat(thinking).containsText("<b>long</b> <b>long</b>");
        assertThat(thinking.textContent().length()).isLessThan(4000);
        thinking.getByText("Show all").click();
        assertThat(thinking).containsText("cut; it had 1,080,000 bytes");
        assertThat(thinking.textContent()).startsWith(text.substring(0, 256 * 1024 - 12));
        assertThat(thinking.locator("b")).hasCount(0);
        run.search().fill("short");
        assertThat(run.steps()).hasCount(1);
        run.search().fill("long");
        assertThat(run.steps()).hasCount(1);
        assertThat(run.page().locator(".steps output")).hasText("1 step matches");
    }

    @Test
    @SuppressWarnings("unchecked")
    void namesOfJavaScriptProperties_areOrdinaryNames() throws Exception {
        RunPage run = opened(
                Map.of("step_type", "constructor"),
                Map.of("step_type", "__proto__"),
                Map.of("action", Map.of("action", "__proto__", "__proto__", Map.of("a", 1))),
                Map.of("action", Map.of("action", "toString", "element", Map.of("toString", 1, "valueOf", 1))),
                Map.of("action", Map.of("action", "Tap", "element", List.of(Map.of("toString", 1, "valueOf", 1)))),
                Map.of("action", Map.of("action", List.of("Tap"), "app", 7)));

        assertThat(run.steps()).hasCount(6);
        assertThat(run.step(1).locator("h3")).hasText(Pattern.compile("^\\s*1\\s+constructor\\s*$"));
        assertThat(run.step(2).locator("h3")).containsText("__proto__");
        assertThat(run.step(4).locator("h3")).containsText("toString");
        assertThat(run.step(5).locator("h3")).containsText("Tap");
        assertThat(run.page().locator(".counts").first()).containsText("__proto__");
        for (int number = 2; number <= 6; number++) {
            run.press("ArrowRight");
            run.awaitStep(number);
        }
        String task = run.page().url().replaceFirst(".*/tasks/([0-9a-f-]{36}).*", "$1");
        run.page().navigate("/compare?a=" + task + "&b=" + task);
        assertThat(run.page().getByText("6 of 6 rows do the same.")).isVisible();
    }

    @Test
    void longTexts_areTruncated_expandOnDemand_andKeepTheLayout() throws Exception {
        String text = "very long ".repeat(20_000);
        SentRun sent = SentRun.of(cloud(), Map.of("description", text))
                .step(Map.of("success", false, "error_message", text, "action", Map.of("action", text)))
                .ended("failed", Map.of("message", text))
                .sent();
        faults.expect("/screenshot\\?redirect=false"); // the step has no screenshot
        RunPage run = RunPage.open(reader(), sent.task());
        Page page = run.page();
        Locator headline = page.locator("h1");

        assertThat(headline).hasText(Pattern.compile("^very long .{150,200}… Show all 200,000 characters$"));
        assertThat(page.title())
                .hasSizeLessThan(250)
                .startsWith("\u2068very long ")
                .endsWith("…\u2069 · Steptrail");
        for (String place : List.of(".ending + p q", ".findings li span", ".counts")) {
            assertThat(page.locator(place).last().textContent()).as(place).hasSizeLessThan(700);
        }
        assertThat(run.player().boundingBox().y).isLessThan(900);
        headline.getByText("Show all").click();
        assertThat(headline).hasText(text.strip());
        assertThat(headline).isFocused();

        page.navigate("/compare?a=" + sent.task() + "&b=" + sent.task());
        assertThat(page.locator(".pair h2").first()).hasText(Pattern.compile("^very long .{250,300}…$"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void actionTooLongToStore_isMarkedAsSuch() throws Exception {
        RunPage run = opened(
                Map.of(
                        "action", Map.of("action", "Type", "text", "x".repeat(300_000)),
                        "timings", Map.of("model_ms", List.of("y".repeat(300_000)))),
                Map.of());

        assertThat(run.step(1).locator(".what").first())
                .hasText(Pattern.compile("^Action\\s+not kept here; it had 300,\\d{3} bytes$"));
        assertThat(run.step(1).locator(".what").last())
                .hasText(Pattern.compile("^Further fields\\s+not kept here; it had 300,\\d{3} bytes$"));
        assertThat(run.page().locator("figcaption .did")).hasText("action, too long to be kept here");
        assertThat(run.step(2).locator(".what")).hasCount(0);
    }
}
