package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The list of tasks: search, filters, loading on scroll, and live updates. */
class TaskListIT extends BrowserTest {
    private static final Instant MORNING = Instant.parse("2024-03-01T02:00:00Z");

    /** An agent name that is unique to this test. */
    private final String own = "list-" + UUID.randomUUID();

    @Test
    void tasks_areListedWithTheirDetails() throws Exception {
        faults.expect("404"); // the page requests the run's first picture before it knows that there is none
        SentRun run = SentRun.at(
                        cloud(),
                        MORNING,
                        Map.of("name", "Water the plants", "agent", own, "model", "glm", "device_id", "phone"))
                .doing(Map.of("action", "Back"))
                .step(Map.of("success", false, "error_message", "dry"))
                .ended("failed")
                .sent();

        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);

        assertThat(list.tasks()).hasCount(1);
        assertThat(list.tasks().locator("h2 a")).hasText("Water the plants");
        assertThat(list.tasks().locator(".badge")).hasText("failed");
        assertThat(list.tasks()).containsText("2 steps, 1 failed");
        assertThat(list.tasks())
                .containsText("Mar 1, 2024, 10:00:00 AM · 2.0 s · " + own + " · glm · phone"); // in Shanghai
        list.tasks().locator("h2 a").click();
        list.page().waitForURL("**/tasks/" + run.task() + "*");
    }

    @Test
    void search_findsNamesAndDescriptions_whileTyping() throws Exception {
        SentRun.sendAll(List.of(
                SentRun.at(cloud(), MORNING, Map.of("name", "one " + own)),
                SentRun.at(cloud(), MORNING, Map.of("description", "another " + own))));
        TaskListPage list = TaskListPage.open(reader(), "");

        Locator search = list.field("Search names and descriptions");
        search.pressSequentially(own + " ");
        assertThat(list.tasks()).hasCount(2);
        search.pressSequentially("x"); // the trailing space remains after a pause
        assertThat(search).hasValue(own + " x");
        search.fill("another " + own);
        assertThat(list.tasks()).hasCount(1);

        assertThat(list.page()).hasURL(Pattern.compile("\\?text=another\\+" + own + "$"));
        list.page().reload();
        assertThat(list.tasks()).hasCount(1);
    }

    @Test
    void search_continuesBeyondPagesWithoutMatches() throws Exception {
        try (Connection connection = cloud().database();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO tasks (task_id, owner, name, agent, status, started_at)"
                    + " SELECT gen_random_uuid(), 'demo', 'hay ' || n,"
                    + " CASE WHEN n = 0 THEN '" + own + "' ELSE 'hay " + own + "' END, 'succeeded',"
                    + " timestamptz '2001-01-01T00:00:00Z' + n * interval '1 s' FROM generate_series(0, 10100) AS n");
            try {
                TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);

                assertThat(list.names()).hasText(new String[] {"hay 0"});
            } finally {
                statement.execute("DELETE FROM tasks WHERE agent LIKE '%" + own + "'");
            }
        }
    }

    @Test
    void eachFilter_selectsMatchingTasks() throws Exception {
        SentRun.sendAll(List.of(
                SentRun.at(cloud(), MORNING, about("early", "m-1", "d-1")).ended("succeeded"),
                SentRun.at(cloud(), MORNING.plusSeconds(3600), about("late", "m-2", "d-2"))
                        .ended("failed")));
        TaskListPage list = TaskListPage.open(reader(), "?text=" + own);
        assertThat(list.tasks()).hasCount(2);

        list.choose("Status", "failed");
        assertThat(list.names()).hasText(new String[] {"late " + own});
        list.choose("Status", "Any");
        for (String[] field :
                new String[][] {{"Model", "m-1"}, {"Device", "d-1"}, {"Began before", "2024-03-01T10:30"}}) {
            assertThat(list.names()).hasCount(2);
            list.enter(field[0], field[1]);
            assertThat(list.names()).hasText(new String[] {"early " + own});
            list.enter(field[0], "");
        }
        assertThat(list.names()).hasCount(2);
        list.enter("Began since", "2024-03-01T10:30");
        assertThat(list.names()).hasText(new String[] {"late " + own});
        list.enter("Agent", "unknown");
        assertThat(list.page().getByText("No task matches")).isVisible();
        list.page()
                .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show all"))
                .click();
        assertThat(list.page()).hasURL(cloud().api().address() + "/");
        assertThat(list.field("Agent")).hasValue("");
        assertThat(list.field("Search names and descriptions"))
                .isFocused(); // the button was removed, so the focus moves
    }

    private Map<String, Object> about(String name, String model, String device) {
        return Map.of("name", name + " " + own, "agent", own, "model", model, "device_id", device);
    }

    @Test
    void list_loadsMoreOnScrolling() throws Exception {
        SentRun.sendAll(IntStream.rangeClosed(1, 120)
                .mapToObj(number -> SentRun.at(
                        cloud(), MORNING.plusSeconds(number), Map.of("name", "task " + number, "agent", own)))
                .toList());
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);

        assertThat(list.tasks().first()).isVisible();
        assertThat(list.tasks().count()).isLessThan(120);
        for (int page = 0; page < 3; page++) {
            list.tasks().last().scrollIntoViewIfNeeded();
            list.page().mouse().wheel(0, 10_000);
        }

        assertThat(list.page().getByText("120 tasks, all there are.")).isVisible();
        assertThat(list.tasks()).hasCount(120);
        assertThat(list.names().first()).hasText("task 120");
        assertThat(list.names().last()).hasText("task 1");
    }

    @Test
    void runningTask_isUpdatedLive_andNewTasksAppearAtTheTop() throws Exception {
        SentRun first = SentRun.of(cloud(), Map.of("name", "first", "agent", own))
                .doing(Map.of("action", "Back"))
                .sent();
        Page page = reader();
        page.clock().install();
        TaskListPage list = TaskListPage.open(page, "?agent=" + own);
        assertThat(list.tasks().locator(".badge")).hasText("running");

        first.ended("succeeded").sent();
        SentRun.of(cloud(), Map.of("name", "second", "agent", own)).sent();
        page.clock().fastForward(5000); // until the next poll

        assertThat(list.names()).hasText(new String[] {"second", "first"});
        assertThat(list.tasks().last().locator(".badge")).hasText("succeeded");
    }

    @Test
    void userWithoutTasks_getsInstructions() {
        Page page = stranger();
        page.navigate("/?login_hint=new-user");
        assertThat(page.getByLabel("Name")).hasValue("new-user"); // the form contains the name from the link
        page.locator("form button").click();

        assertThat(page.getByText("No task is here yet")).isVisible();
        assertThat(page.getByText("Record one: run your agent with Steptrail")).isVisible();
    }

    @Test
    void endedTask_leavesTheListOfRunningTasks() throws Exception {
        SentRun run = SentRun.of(cloud(), Map.of("name", "short", "agent", own)).sent();
        Page page = reader();
        page.clock().install();
        TaskListPage list = TaskListPage.open(page, "?status=running&since=yesterday&agent=" + own);
        assertThat(list.names()).hasText(new String[] {"short"});
        assertThat(page)
                .hasURL(Pattern.compile(
                        "/\\?status=running&agent=" + own + "$")); // the URL contains only valid filters

        run.ended("succeeded").sent();
        page.clock().fastForward(5000);

        assertThat(page.getByText("No task matches")).isVisible();
        assertThat(list.tasks()).hasCount(0);
    }
}
