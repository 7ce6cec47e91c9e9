package dev.steptrail.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportHtmlTest {
    private static final String EVIL = "</div><script>alert(1)</script><img src=x onerror=alert(1)>\" onload=\"x' & 相机";

    @Test
    void report_containsTheTaskAndItsStepsWithScreenshots() throws IOException {
        Document page = Jsoup.parse(html("camera", 10, 2));

        assertThat(page.title()).isEqualTo("Task report: camera");
        assertThat(page.select("table.facts td").eachText()).contains("打开相机", "failed with a message");
        assertThat(page.select("td a").eachAttr("href")).containsExactly("#step-1");
        assertThat(page.selectFirst("#step-1 .action").text()).isEqualTo("Launch app=相机");
        assertThat(page.select(".timeline span").eachAttr("class")).containsExactly("good", "bad");
        assertThat(page.selectFirst(".timeline + .legend").text()).startsWith("Steps 1 to 2, one step per bar.");
        assertThat(page.select(".timeline span.bad").attr("title")).isEqualTo("2 Launch");
        Element step = page.selectFirst("#step-2");
        assertThat(step.hasClass("bad")).isTrue();
        assertThat(step.select("h3").text()).isEqualTo("2 · action · Launch");
        assertThat(step.select(".when").text()).isEqualTo("2026-03-01 10:00:02 UTC · 1.2 s · failed");
        assertThat(step.select(".error").text()).isEqualTo("App not found: 相机");
        assertThat(step.select("img").attr("alt")).isEqualTo("2 after");
        assertThat(page.select("#step-1 img.key").attr("src")).isEqualTo("data:image/webp;base64,QQ==");
        assertThat(page.select("#step-2 img.key")).isEmpty();
        assertThat(step.select(".note").text()).isEqualTo("(screenshot not included)");
    }

    @Test
    void taskWithoutName_isTitledWithItsInstruction() throws IOException {
        Document page = Jsoup.parse(html(null, 10, 1));

        assertThat(page.title()).isEqualTo("Task report: 打开相机");
        assertThat(page.select("h1").text()).isEqualTo("Task report: 打开相机");
    }

    @Test
    void landscapeScreenshot_fitsThePage() throws IOException {
        StoredScreenshot wide = new StoredScreenshot(
                0, "before", "a.webp", "ab12", 1, 1, 2400, 1080, "webp", true, false, "[]", null, null, null, null);

        Document page = Jsoup.parse(html(Language.EN, TestSteps.step(1, null, null, wide)));

        assertThat(page.selectFirst("#step-1 img").classNames()).containsExactlyInAnyOrder("wide", "key");
        assertThat(page.selectFirst("style").data())
                .contains("img.wide { height: auto; width: 80mm; max-width: 100%; }");
    }

    @Test
    void chineseReport_translatesTypesAndRoles() throws IOException {
        Document page = Jsoup.parse(
                html(Language.ZH, TestSteps.step(1, null, null, TestSteps.screenshot(0, "before", "a.webp"))));

        assertThat(page.selectFirst("#step-1 h3").text()).isEqualTo("1 · 动作 · Launch");
        assertThat(page.selectFirst("#step-1 img").attr("alt")).isEqualTo("1 操作前");
        assertThat(page.select("td").eachText()).contains("动作", "操作前");
    }

    @Test
    void textOfSenders_isEscaped() throws IOException {
        Document page = Jsoup.parse(html(EVIL, 10, 1, EVIL));

        assertThat(page.title()).endsWith(EVIL);
        assertThat(page.select("#step-1 .text").text()).isEqualTo(EVIL);
        assertThat(page.select("script, img[onerror], [onload]")).isEmpty();
    }

    @Test
    void page_loadsNothing_andItsPolicyAllowsOnlyItsStyle() throws Exception {
        Document page = Jsoup.parse(html("camera", 10, 2));

        String policy = page.select("meta[http-equiv=Content-Security-Policy]").attr("content");
        byte[] style = page.selectFirst("style").data().getBytes(StandardCharsets.UTF_8);
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style));
        assertThat(policy)
                .isEqualTo("default-src 'none'; img-src data:; style-src 'sha256-" + hash
                        + "'; base-uri 'none'; form-action 'none'");
        assertThat(page.select("[src]").eachAttr("src")).allMatch(source -> source.startsWith("data:"));
        assertThat(page.select("link, script, iframe, object, embed, [href]:not([href^=#]), [style]"))
                .isEmpty();
    }

    @Property(tries = 200)
    void anyText_leavesThePageWellFormed(@ForAll String thinking) throws Exception {
        String html = html("camera", 10, 1, thinking);

        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(html)))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("html");
    }

    @Test
    void tooManySteps_areTruncated_andThePageSaysWhere() throws IOException {
        Document page = Jsoup.parse(html("camera", 2, 3));

        assertThat(page.select(".step")).hasSize(2);
        assertThat(page.select("p.note").text()).startsWith("Steps from 3 on are omitted");
    }

    @Test
    void longText_isTruncated_andSaysHowMuchIsOmitted() throws IOException {
        Document page = Jsoup.parse(html("camera", 10, 1, "x".repeat(5000)));

        assertThat(page.select("#step-1 .text").text()).isEqualTo("x".repeat(4000) + " … 1000 more characters");
    }

    @Test
    void stepsWithTooManyLines_areOmitted_andThePageSaysSo() throws IOException {
        String page = html("camera", 10, 10, ("x".repeat(38) + "\n").repeat(102));

        assertThat(page)
                .contains("id=\"step-7\"", "… 79 more characters", "Steps from 8 on are omitted")
                .doesNotContain("id=\"step-8\"");
    }

    private static String html(String name, int maxSteps, int steps) throws IOException {
        return html(name, maxSteps, steps, "我需要打开相机");
    }

    private static String html(String name, int maxSteps, int steps, String thinking) throws IOException {
        StoredStep[] all = IntStream.rangeClosed(1, steps)
                .mapToObj(number -> TestSteps.step(
                        number,
                        thinking,
                        number % 2 == 0 ? "App not found: 相机" : null,
                        TestSteps.screenshot(0, number == 1 ? "before" : "after", "a.webp"),
                        TestSteps.screenshot(1, "other", "gone.webp")))
                .toArray(StoredStep[]::new);
        return html(Language.EN, TestSteps.task(name, "打开相机", steps), maxSteps, all);
    }

    private static String html(Language language, StoredStep step) throws IOException {
        return html(language, TestSteps.task("camera", "", 1), 10, step);
    }

    private static String html(Language language, Task task, int maxSteps, StoredStep... steps) throws IOException {
        StringBuilder out = new StringBuilder();
        ReportHtml report = new ReportHtml(out, TestSteps.content(task), language, new OnePicture(), maxSteps, false);
        report.begin();
        for (StoredStep step : steps) {
            if (!report.add(step)) {
                break;
            }
        }
        report.end();
        return out.toString();
    }

    private static final class OnePicture implements ScreenshotSource {
        @Override
        public Optional<String> source(StoredScreenshot screenshot, boolean key) {
            return Optional.of("data:image/webp;base64,QQ==")
                    .filter(image -> screenshot.screenshotPath().equals("a.webp"));
        }

        @Override
        public String allowedSources() {
            return "data:";
        }
    }
}
