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
import java.util.stream.IntStream;
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

    /** Returns a UUID of version 7 with the timestamp 2024-03-01T10:00:0nZ. */
    private static UUID run(int number) {
        return UUID.fromString(String.format(
                "%08x-%04x-7000-8000-%012x",
                (1709287200000L + number * 1000L) >> 16, (1709287200000L + number * 1000L) & 0xffff, number));
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

    @Test
    void eachKind_isDescribedInASentence_inOrderOfImportance() throws Exception {
        addAllKinds();

        Page page = open();

        assertThat(page.locator(".insights h3")).hasText(new String[] {
            "Regression",
            "Regression",
            "False success",
            "Similar failures",
            "Failures on one screen",
            "Left the usual path",
            "Slow steps",
            "Shorter path",
            "Repeated actions",
            "novel"
        });
        for (String sentence : List.of(
                "Since the model changed, fewer tasks succeed: 90% before, 40% after.",
                "Since the app version changed, successful tasks take longer: 20 s before, 45 s after.",
                "4 of 5 tasks that the agent claims as successful have the verdict “fail” (80%).",
                "3 of 5 failed tasks have the same last error:",
                "3 of 5 failed tasks with screenshots ended on the same screen, with 2 different errors.",
                "8 of 40 tasks, with 2 instructions, perform these 3 actions one after the other.",
                "4 of 5 failed tasks left the path of the successful ones, at the steps below.",
                "2 steps took much longer than usual. The slowest, Tap 1,2, took 30 s instead of 3.0 s.",
                "6 of 18 successful tasks took about 9 steps instead of 15: 6 fewer.")) {
            assertThat(page.locator(".insights")).containsText(sentence);
        }
        assertThat(page.locator(".insights q")).hasText("app not found: 天气");
        assertThat(page.locator(".insights ol li")).hasText(new String[] {"Launch 天气", "Tap 499,842", "Back"});
        assertThat(page.locator(".compared").filter(new Locator.FilterOptions().setHasText("glm-b")))
                .hasText(Pattern.compile("\\s*glm-a\\s+90% \\(20 tasks\\)\\s*glm-b\\s+40% \\(10 tasks\\)\\s*"));
    }

    private void addAllKinds() throws Exception {
        String text = "what is the weather";
        rows.add(text, "novel", "{\"figure\": 7}")
                .add(text, "frequent_sequence", """
                        {"actions": ["Launch 天气", "Tap 499,842", "Back"], "tasks": 8, "of_tasks": 40, "instructions": 2}""")
                .add(text, "false_success", "{\"tasks\": 5, \"false_successes\": 4, \"share\": 0.8}")
                .add(text, "failures_on_screen", "{\"tasks\": 3, \"failures\": 5, \"errors\": 2}")
                .add(text, "shorter_path", """
                        {"usual_steps": 15, "steps": 9, "saved_steps": 6, "tasks": 18, "shorter_tasks": 6}""")
                .add(text, "slow_step", """
                        {"steps": 2, "action": "Tap 1,2", "duration_ms": 30000, "usual_ms": 3000}""")
                .add(text, "path_deviation", "{\"tasks\": 4, \"failures\": 5}")
                .add(text, "similar_failures", "{\"error\": \"app not found: 天气\", \"tasks\": 3, \"failures\": 5}")
                .add(text, "regression", """
                        {"dimension": "app_version", "from": "1.0", "to": "2.0", "what": "duration", "before": 20000, "after": 45000,
                         "tasks_before": 9, "tasks_after": 9}""")
                .add(text, "regression", """
                        {"dimension": "model", "from": "glm-a", "to": "glm-b", "what": "success", "before": 0.9, "after": 0.4,
                         "tasks_before": 20, "tasks_after": 10}""");
    }

    @Test
    void modelsUsedAtTheSameTime_areListedTogether() throws Exception {
        rows.add("take a photo", "regression", """
                {"dimension": "model", "from": "glm-a", "to": "glm-b", "what": "success", "before": 0.9, "after": 0.4,
                 "tasks_before": 20, "tasks_after": 10, "at_once": true}""");

        assertThat(open().locator(".insights"))
                .containsText("With one model, fewer tasks succeed than with another: 40% with glm-b, 90% with glm-a.");
    }

    @Test
    void insightsOfAllRuns_haveASeparateHeading() throws Exception {
        rows.add("", "failures_on_screen", "{\"tasks\": 3, \"failures\": 5, \"errors\": 1, \"error\": \"no node\"}")
                .add("", "failures_on_screen", "{\"tasks\": 4, \"failures\": 9, \"errors\": 1}");

        Page page = open();

        assertThat(tasks(page).locator("h2")).hasText(new String[] {"All tasks together"});
        assertThat(tasks(page))
                .containsText("3 of 5 failed tasks with screenshots ended on the same screen, with the same error:");
        assertThat(page.locator(".insights q")).hasText(new String[] {"no node"});
        assertThat(tasks(page))
                .containsText("4 of 9 failed tasks with screenshots ended on the same screen, without an error.");
        assertThat(page.locator("#known option")).hasCount(0);
    }

    @Test
    void chinesePage_hasTheSameContent() throws Exception {
        addAllKinds();
        rows.add("what is the weather", "expectation", EXPECTATION);

        Page page = open(english().setLocale("zh-CN"));

        assertThat(page.locator("h1")).hasText("洞察");
        for (String sentence : List.of(
                "24 个任务中有 18 个成功（75%；95% 区间为 55.1% 至 88%）。",
                "更换模型后，成功的任务变少：之前 90%，之后 40%。",
                "有 2 步的用时远超平常。最慢的是 Tap 1,2：用时 30 秒，通常为 3.0 秒。",
                "5 个失败的任务中，有 3 个的最后一个错误相同：",
                "5 个有截图的失败任务中，有 3 个结束于同一画面，有 2 种不同的错误。",
                "40 个任务中，有 8 个（涉及 2 条指令）依次执行了这 3 个操作",
                "18 个成功的任务中，有 6 个只用了约 9 步，通常为 15 步，少 6 步。")) {
            assertThat(tasks(page)).containsText(sentence);
        }
    }

    @Test
    void firstFiveRunsAndSteps_areLinks_andTheOthersAreCounted() throws Exception {
        List<UUID> runs = IntStream.range(0, 8).mapToObj(InsightsPageIT::run).toList();
        List<UUID> oneWithoutTime = List.of(UUID.fromString("0190a7c0-0000-4000-8000-000000000000"));
        rows.add("first", "slow_step", "{\"steps\": 2}", oneWithoutTime, List.of(oneWithoutTime.get(0) + ".12"))
                .add("second", "flaky", "{\"tasks\": 8, \"successes\": 4, \"success_rate\": 0.5}", runs, List.of());

        Page page = open();

        Locator many = tasks(page).filter(new Locator.FilterOptions().setHasText("second"));
        assertThat(many.locator(".evidence a")).hasCount(5);
        assertThat(many.locator(".evidence")).containsText("and 3 more");
        assertThat(many.locator(".evidence a").first()).hasText("Feb 3, 2026, 12:05:06 PM"); // in Shanghai
        assertThat(many.locator(".evidence a").first()).hasAttribute("href", "/tasks/" + runs.get(0));
        Locator one = tasks(page).filter(new Locator.FilterOptions().setHasText("first"));
        assertThat(one.locator(".body > p").first()).hasText("2 steps took much longer than usual.");
        assertThat(one.locator(".evidence a").last()).hasText("Step 12 of Feb 3, 2026, 12:05:06 PM");
        assertThat(one.locator(".evidence a").last())
                .hasAttribute("href", "/tasks/" + oneWithoutTime.get(0) + "#step=12");
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

    @Test
    void list_loadsMoreOnScrolling() throws Exception {
        for (int number = 1; number <= 230; number++) {
            rows.add("task " + number, "slow_step", "{\"steps\": 1}");
        }
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
