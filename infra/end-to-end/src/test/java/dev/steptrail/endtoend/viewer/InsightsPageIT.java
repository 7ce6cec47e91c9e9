package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.steptrail.endtoend.InsightRows;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The insights page: sentences with figures, and links to the tasks and steps that are their evidence. */
class InsightsPageIT extends BrowserTest {
    private static final String EXPECTATION = """
            {"tasks": 24, "successes": 18, "success_rate": 0.75, "success_rate_low": 0.551, "success_rate_high": 0.88,
             "duration_p10_ms": 31000, "duration_p50_ms": 42000, "duration_p90_ms": 83000,
             "usual_path": ["Launch 相机", "Tap 499,842"], "usual_path_similarity": 0.87}""";

    /** An owner that has only the data of the test. */
    private final String owner = "owner-" + UUID.randomUUID();

    private final InsightRows rows = new InsightRows(cloud(), owner);

    private Page open() {
        return open(english());
    }

    private Page open(Browser.NewContextOptions options) {
        Page page = stranger(options);
        page.navigate("/insights?login_hint=" + owner);
        page.locator("form button").click();
        page.locator("st-insights-page h1").waitFor();
        return page;
    }

    private static Locator tasks(Page page) {
        return page.locator(".group");
    }

    @Test
    void tasksWithActionableInsights_areFirst_andEachHasAnExpectation() throws Exception {
        rows.add("take a photo", "flaky", "{\"tasks\": 24, \"successes\": 12, \"success_rate\": 0.5}")
                .add("open the camera", "expectation", EXPECTATION);

        Page page = open();

        assertThat(tasks(page).locator("h2")).hasText(new String[] {"take a photo", "open the camera"});
        assertThat(tasks(page).first())
                .containsText("12 of 24 tasks succeeded (50%), without a trend: the next one may succeed or fail.");
        Locator expected = tasks(page).last();
        assertThat(expected).containsText("18 of 24 tasks succeeded (75%; 95% interval 55.1% to 88%).");
        assertThat(expected)
                .containsText("Half of the successful tasks took up to 42 s, 80% of them between 31 s and 1 min 23 s.");
        assertThat(expected).containsText("No problem found.");
        assertThat(expected.locator(".likely")).hasAttribute("x", Pattern.compile("55\\.1.*"));
        expected.getByText("Usual path: 2 steps").click();
        assertThat(expected.locator("ol li")).hasText(new String[] {"Launch 相机", "Tap 499,842"});
        assertThat(page.getByText("2 instructions")).isVisible();
    }

    /** Heading | kind | figures | sentence in English | sentence in Chinese, in order of importance. */
    private static final List<String[]> KINDS =
            """
            Regression | regression | {"dimension": "model", "from": "glm-a", "to": "glm-b", "what": "success", \
            "before": 0.9, "after": 0.4, "tasks_before": 20, "tasks_after": 10} \
            | Since the model changed, fewer tasks succeed: 90% before, 40% after. \
            | 更换模型后，成功的任务变少：之前 90%，之后 40%。
            Regression | regression | {"dimension": "app_version", "from": "1.0", "to": "2.0", "what": "duration", \
            "before": 20000, "after": 45000, "tasks_before": 9, "tasks_after": 9} \
            | Since the app version changed, successful tasks take longer: 20 s before, 45 s after. |
            False success | false_success | {"tasks": 5, "false_successes": 4, "share": 0.8} \
            | 4 of 5 tasks that the agent claims as successful have the verdict “fail” (80%). |
            Similar failures | similar_failures | {"error": "app not found: 天气", "tasks": 3, "failures": 5} \
            | 3 of 5 failed tasks have the same last error: | 5 个失败的任务中，有 3 个的最后一个错误相同：
            Failures on one screen | failures_on_screen | {"tasks": 3, "failures": 5, "errors": 2} \
            | 3 of 5 failed tasks with screenshots ended on the same screen, with 2 different errors. \
            | 5 个有截图的失败任务中，有 3 个结束于同一画面，有 2 种不同的错误。
            Left the usual path | path_deviation | {"tasks": 4, "failures": 5} \
            | 4 of 5 failed tasks left the path of the successful ones, at the steps below. |
            Slow steps | slow_step | {"steps": 2, "action": "Tap 1,2", "duration_ms": 30000, "usual_ms": 3000} \
            | 2 steps took much longer than usual. The slowest, Tap 1,2, took 30 s instead of 3.0 s. \
            | 有 2 步的用时远超平常。最慢的是 Tap 1,2：用时 30 秒，通常为 3.0 秒。
            Shorter path | shorter_path | {"usual_steps": 15, "steps": 9, "saved_steps": 6, "tasks": 18, "shorter_tasks": 6} \
            | 6 of 18 successful tasks took about 9 steps instead of 15: 6 fewer. \
            | 18 个成功的任务中，有 6 个只用了约 9 步，通常为 15 步，少 6 步。
            Repeated actions | frequent_sequence \
            | {"actions": ["Launch 天气", "Tap 499,842", "Back"], "tasks": 8, "of_tasks": 40, "instructions": 2} \
            | 8 of 40 tasks, with 2 instructions, perform these 3 actions one after the other. \
            | 40 个任务中，有 8 个（涉及 2 条指令）依次执行了这 3 个操作
            novel | novel | {"figure": 7} | novel |
            """.lines().map(row -> row.split(" *\\| *", -1)).toList();

    @Test
    void eachKind_isDescribedInASentence_inOrderOfImportance() throws Exception {
        rows.add("what is the weather", "expectation", EXPECTATION);
        for (int last = KINDS.size() - 1; last >= 0; last--) {
            rows.add("what is the weather", KINDS.get(last)[1], KINDS.get(last)[2]);
        }

        Page page = open();

        Locator insights = page.locator(".insights");
        assertThat(insights.locator("h3"))
                .hasText(KINDS.stream().map(kind -> kind[0]).toArray(String[]::new));
        for (String[] kind : KINDS) {
            assertThat(insights).containsText(kind[3]);
        }
        assertThat(insights.locator("q")).hasText("app not found: 天气");
        assertThat(insights.locator("ol li")).hasText(new String[] {"Launch 天气", "Tap 499,842", "Back"});
        assertThat(page.locator(".compared").filter(new Locator.FilterOptions().setHasText("glm-b")))
                .hasText(Pattern.compile("\\s*glm-a\\s+90% \\(20 tasks\\)\\s*glm-b\\s+40% \\(10 tasks\\)\\s*"));

        Page chinese = open(english().setLocale("zh-CN"));
        assertThat(chinese.locator("h1")).hasText("洞察");
        assertThat(tasks(chinese)).containsText("24 个任务中有 18 个成功（75%；95% 区间为 55.1% 至 88%）。");
        for (String[] kind : KINDS) {
            assertThat(tasks(chinese)).containsText(kind[4]);
        }
    }

    @Test
    void variantsOfKinds_haveTheirOwnSentences_andInsightsOfAllTasksTheirOwnHeading() throws Exception {
        rows.add("take a photo", "regression", """
                {"dimension": "model", "from": "glm-a", "to": "glm-b", "what": "success", "before": 0.9, "after": 0.4,
                 "tasks_before": 20, "tasks_after": 10, "at_once": true}""")
                .add("", "failures_on_screen", "{\"tasks\": 3, \"failures\": 5, \"errors\": 1, \"error\": \"no node\"}")
                .add("", "failures_on_screen", "{\"tasks\": 4, \"failures\": 9, \"errors\": 1}");

        Page page = open();

        Locator ofAll = tasks(page).filter(new Locator.FilterOptions().setHasText("All tasks together"));
        assertThat(ofAll.locator("q")).hasText(new String[] {"no node"});
        for (String sentence : List.of(
                "3 of 5 failed tasks with screenshots ended on the same screen, with the same error:",
                "4 of 9 failed tasks with screenshots ended on the same screen, without an error.")) {
            assertThat(ofAll).containsText(sentence);
        }
        assertThat(tasks(page).filter(new Locator.FilterOptions().setHasText("take a photo")))
                .containsText("With one model, fewer tasks succeed than with another: 40% with glm-b, 90% with glm-a.");
        assertThat(page.locator("#known option")).hasCount(1);
    }

    @Test
    void firstFiveRunsAndSteps_areLinks_andTheOthersAreCounted() throws Exception {
        List<UUID> runs = Stream.generate(UUID::randomUUID).limit(8).toList();
        UUID run = runs.get(0);
        rows.add("first", "slow_step", "{\"steps\": 2}", List.of(run), List.of(run + ".12"))
                .add("second", "flaky", "{\"tasks\": 8, \"successes\": 4, \"success_rate\": 0.5}", runs, List.of());

        Page page = open();

        Locator many = tasks(page).filter(new Locator.FilterOptions().setHasText("second"));
        assertThat(many.locator(".evidence a")).hasCount(5);
        assertThat(many.locator(".evidence")).containsText("and 3 more");
        assertThat(many.locator(".evidence a").first()).hasText("Feb 3, 2026, 12:05:06 PM"); // in Shanghai
        assertThat(many.locator(".evidence a").first()).hasAttribute("href", "/tasks/" + run);
        Locator one = tasks(page).filter(new Locator.FilterOptions().setHasText("first"));
        assertThat(one.locator(".body > p").first()).hasText("2 steps took much longer than usual.");
        assertThat(one.locator(".evidence a").last()).hasText("Step 12 of Feb 3, 2026, 12:05:06 PM");
        assertThat(one.locator(".evidence a").last()).hasAttribute("href", "/tasks/" + run + "#step=12");
    }

    @Test
    void filters_selectMatches_andAreKeptInTheUrl() throws Exception {
        rows.add("one", "flaky", "{\"tasks\": 24, \"successes\": 12, \"success_rate\": 0.5}")
                .add("one", "expectation", EXPECTATION)
                .add("two", "slow_step", "{\"steps\": 1}")
                .addRuns("one", 5);
        rows.addRuns("two", 5);
        Page page = open();
        assertThat(tasks(page)).hasCount(2);

        kind(page, "Flaky").click();
        assertThat(tasks(page)).hasCount(1);
        assertThat(page.locator("st-expectation")).hasCount(0);
        assertThat(page).hasURL(Pattern.compile("/insights\\?kind=flaky$"));
        page.reload();
        assertThat(tasks(page).locator("h2")).hasText(new String[] {"one"});
        kind(page, "Shorter path").click();
        assertThat(page.getByText("No insight matches")).isVisible();
        page.goBack();
        assertThat(tasks(page).locator("h2")).hasText(new String[] {"one"});
        page.getByLabel("Instruction").fill(" TWO. ");
        page.getByLabel("Instruction").blur();
        assertThat(page.getByText("No insight matches")).isVisible();
        kind(page, "Clear filters").first().click();

        assertThat(tasks(page)).hasCount(2);
        assertThat(page).hasURL(Pattern.compile("/insights$"));
        assertThat(page.getByLabel("Instruction")).isFocused(); // the button was removed, so the focus moves
        page.navigate("/insights?kind=constructor&instruction=%0A%09Two");
        assertThat(tasks(page).locator("h2")).hasText(new String[] {"two"});
        assertThat(page).hasURL(Pattern.compile("/insights\\?instruction=Two$")); // the URL contains only valid filters
    }

    private static Locator kind(Page page, String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    @Tag("nightly")
    @Test
    void list_loadsMoreOnScrolling() throws Exception {
        rows.addMany(230);
        Page page = open();
        assertThat(tasks(page)).hasCount(200);

        tasks(page).last().scrollIntoViewIfNeeded();
        page.mouse().wheel(0, 10_000);

        assertThat(page.getByText("230 instructions")).isVisible();
        assertThat(tasks(page).locator("h2").first()).hasText("task 230");
        assertThat(tasks(page).locator("h2").last()).hasText("task 1");
    }

    @Test
    void emptyPage_saysWhy_andWhenItWillBeFilled() throws Exception {
        updateRuns("DELETE FROM maintenance_runs WHERE kind = 'insights'");
        Page page = open();
        assertThat(page.getByText("Insights have not been computed yet")).isVisible();

        updateRuns("""
                INSERT INTO maintenance_runs (kind, started_at, ended_at, outcome)
                SELECT 'insights', at, at, 'done'
                  FROM (VALUES (now() - interval '70 min'), (now() - interval '10 min')) AS run (at)""");
        rows.addRuns("water the plants", 4);
        page.reload();
        assertThat(page.getByText("Not enough tasks yet")).isVisible();
        assertThat(page.locator("st-insights-page .head")).containsText("Updated 10m ago. Next update at about ");

        rows.addRuns("water the plants", 1);
        page.reload();
        assertThat(page.getByText("No insights")).isVisible();
        assertThat(page.getByText("No insight was found in the tasks")).isVisible();

        updateRuns("UPDATE maintenance_runs SET started_at = started_at - interval '1 day' WHERE kind = 'insights'");
        page.reload();
        assertThat(page.locator("st-insights-page .head")).containsText("The update that was due on ");
    }

    private void updateRuns(String statement) throws Exception {
        try (Connection connection = cloud().database();
                Statement update = connection.createStatement()) {
            update.execute(statement);
        }
    }

    @Test
    void task_linksToTheInsightsOfItsInstruction_andTheHeaderToAllInsights() throws Exception {
        faults.expect("404"); // the page requests the first screenshot before it knows that there is none
        String text = "water the plants " + UUID.randomUUID();
        SentRun run = SentRun.of(
                        cloud(),
                        Map.of("name", "plants", "description", "Water\n the  Plants" + text.substring(16) + "!"))
                .doing(Map.of("action", "Back"))
                .sent();
        new InsightRows(cloud(), "demo").add(text, "slow_step", "{\"steps\": 1}");
        Page page = reader();
        page.navigate("/tasks/" + run.task() + "#tab=findings");

        page.getByText("Insights of this instruction").click();

        assertThat(tasks(page).locator("h2")).hasText(new String[] {text});
        page.locator("header").getByText("Insights").click();
        assertThat(page).hasURL(cloud().api().address() + "/insights");
    }
}
