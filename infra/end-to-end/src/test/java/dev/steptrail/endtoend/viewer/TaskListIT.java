package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.awt.Color;
import java.awt.Rectangle;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The list of tasks: rows, cards, filters, keys and live updates. */
class TaskListIT extends BrowserTest {
    private static final Instant MORNING = Instant.parse("2024-03-01T02:00:00Z");

    private final Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));

    /** An agent name that is unique to this test. */
    private final String own = "list-" + UUID.randomUUID();

    @Test
    void longNameOfAModel_isWhole_onAWideWindow() throws Exception {
        SentRun.of(cloud(), Map.of("name", "Water", "agent", own, "model", "Qwen/Qwen2.5-VL-72B-Instruct-AWQ"))
                .ended("succeeded")
                .sent();
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);

        list.page().setViewportSize(2560, 1440);

        assertThat(list.tasks()).hasCount(1);
        assertThat(list.tasks()
                        .locator(".model div")
                        .first()
                        .evaluate("(name) => name.scrollWidth <= name.clientWidth"))
                .isEqualTo(true);
    }

    @Test
    void tasks_areListedWithTheirDetails() throws Exception {
        faults.expect("404"); // the task's page requests a screenshot before it knows that there is none
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
        assertThat(list.names()).hasText("Water the plants");
        assertThat(list.tasks().locator("st-outcome")).hasText("Failure");
        assertThat(list.tasks().locator(".error")).hasText("dry");
        assertThat(list.tasks().locator(".steps")).hasText(Pattern.compile("2\\s*1 failed"));
        assertThat(list.tasks().locator(".duration")).hasText("2.0 s");
        assertThat(list.tasks().locator(".model")).hasText(Pattern.compile("glm\\s*" + own));
        assertThat(list.tasks().locator(".started div")).hasText("Mar 1, 2024");
        assertThat(list.tasks().locator(".started div"))
                .hasAttribute("title", "Mar 1, 2024, 10:00:00 AM"); // in Shanghai
        list.tasks()
                .locator(".duration")
                .click(new Locator.ClickOptions().setForce(true)); // the link covers the whole row
        list.page().waitForURL("**/tasks/" + run.task() + "*");
    }

    @Test
    void thumbnail_isTheLastScreenshot_unlessItIsSensitive() throws Exception {
        Picture last = Picture.of(Color.BLUE, new Rectangle(0, 0, 9, 9));
        SentRun.sendAll(List.of(
                started("seen").doing(Map.of("action", "Back"), screen).doing(Map.of("action", "Back"), last),
                started("secret").doing(Map.of("action", "Back"), screen, last.sensitive()),
                started("blind").doing(Map.of("action", "Back"))));

        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);

        Locator image = list.task("seen").locator("img");
        assertThat(image).hasAttribute("alt", "Screenshot of step 2");
        assertThat(image).hasAttribute("src", Pattern.compile(Picture.hash(last.thumbnail())));
        image.evaluate("image => image.decode()"); // fails if it cannot be loaded
        assertThat(list.task("secret").locator("img")).hasCount(0);
        assertThat(list.task("secret").getByLabel("Sensitive screenshot")).isVisible();
        assertThat(list.task("blind").getByLabel("No screenshot")).isVisible();
    }

    @Test
    void search_findsNamesAndDescriptions_whileTyping() throws Exception {
        SentRun.sendAll(List.of(
                SentRun.at(cloud(), MORNING, Map.of("name", "one " + own)),
                SentRun.at(cloud(), MORNING, Map.of("description", "another " + own))));
        TaskListPage list = TaskListPage.open(reader(), "");

        list.search().pressSequentially(own + " ");
        assertThat(list.tasks()).hasCount(2);
        list.search().pressSequentially("x"); // the trailing space remains after a pause
        assertThat(list.search()).hasValue(own + " x");
        list.search().fill("another " + own);
        assertThat(list.tasks()).hasCount(1);

        assertThat(list.page()).hasURL(Pattern.compile("\\?text=another\\+" + own + "$"));
        list.page().reload();
        assertThat(list.tasks()).hasCount(1);
        assertThat(list.search()).hasValue("another " + own);
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
    void eachFilter_selectsMatchingTasks_andIsKeptInTheAddress() throws Exception {
        SentRun.sendAll(List.of(
                SentRun.at(cloud(), MORNING, about("early", "m-1", "d-1")).ended("succeeded"),
                SentRun.at(cloud(), MORNING.plusSeconds(3600), about("late", "m-2", "d-2"))
                        .ended("failed")));
        TaskListPage list = TaskListPage.open(reader(), "?text=" + own);
        assertThat(list.tasks()).hasCount(2);

        list.choose("status", "Claimed failure");
        assertThat(list.names()).hasText(new String[] {"late " + own});
        assertThat(list.filter("status")).containsText("Status: Claimed failure");
        list.page().goBack();
        assertThat(list.tasks()).hasCount(2);
        list.page().goForward();
        assertThat(list.names()).hasText(new String[] {"late " + own});
        list.clear("status");
        for (String[] filter : new String[][] {{"model", "m-1"}, {"device_id", "d-1"}}) {
            assertThat(list.names()).hasCount(2);
            list.choose(filter[0], filter[1]);
            assertThat(list.names()).hasText(new String[] {"early " + own});
            list.clear(filter[0]);
        }
        assertThat(list.names()).hasCount(2);
        Locator time = list.openFilter("time");
        time.getByLabel("From").fill("2024-03-01T10:30");
        time.getByText("Apply").click();
        assertThat(list.names()).hasText(new String[] {"late " + own});
        assertThat(list.page()).hasURL(Pattern.compile("since=2024-03-01T02%3A30%3A00\\.000Z"));
        list.button("Clear filters").click();
        assertThat(list.page()).hasURL(cloud().api().address() + "/");
        assertThat(list.search()).isFocused(); // the button was removed, so the focus moves
    }

    @Test
    void filter_offersKnownValuesWithTheirNumberOfTasks_andAcceptsOthers() throws Exception {
        SentRun.sendAll(List.of(started("one"), started("two")));
        TaskListPage list = TaskListPage.open(reader(), "");

        Locator filter = list.openFilter("agent");
        assertThat(filter.getByLabel("Search: Agent")).isFocused();
        filter.getByLabel("Search: Agent").fill(own.substring(0, 20));
        assertThat(filter.locator("li"))
                .hasText(new Pattern[] {Pattern.compile(own + "\\s*2"), Pattern.compile("Use “.*”")});
        list.page().keyboard().press("Enter"); // chooses the first value
        assertThat(list.tasks()).hasCount(2);

        Locator search = list.openFilter("agent").getByLabel("Search: Agent");
        assertThat(search).isFocused(); // an open filter starts empty
        search.fill("unknown");
        list.page().keyboard().press("Enter");
        assertThat(list.page().getByText("No task matches")).isVisible();
        assertThat(list.page()).hasURL(Pattern.compile("\\?agent=unknown$"));
    }

    @Test
    void filters_remainOnTheWayBackFromATask() throws Exception {
        started("one").doing(Map.of("action", "Back"), screen).ended("failed").sent();
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own + "&view=grid");
        list.names().click();
        TaskPage task = new TaskPage(list.page()).awaitPicture("before", 1);

        task.bar().getByLabel("All tasks").click();

        assertThat(list.page()).hasURL(Pattern.compile("/\\?agent=" + own + "&view=grid$"));
        assertThat(list.names()).hasText(new String[] {"one"});
    }

    @Test
    void otherFiltersOfTheAddress_areShownAndCanBeRemoved() throws Exception {
        SentRun.sendAll(List.of(
                SentRun.at(cloud(), MORNING, Map.of("name", "a", "agent", own, "metadata", Map.of("build", own))),
                started("b")));
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own + "&metadata.build=" + own);
        assertThat(list.names()).hasText(new String[] {"a"});

        list.button("Remove filter: metadata.build").click();

        assertThat(list.names()).hasCount(2);
    }

    private Map<String, Object> about(String name, String model, String device) {
        return Map.of("name", name + " " + own, "agent", own, "model", model, "device_id", device);
    }

    private SentRun started(String name) {
        return SentRun.of(cloud(), Map.of("name", name, "agent", own));
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

        assertThat(list.page().getByText("120 tasks")).isVisible();
        assertThat(list.tasks()).hasCount(120);
        assertThat(list.names().first()).hasText("task 120");
        assertThat(list.names().last()).hasText("task 1");
    }

    @Test
    void runningTask_isUpdatedLive_andNewTasksAreAnnounced() throws Exception {
        SentRun first = started("first").doing(Map.of("action", "Back")).sent();
        Page page = reader();
        page.clock().install();
        TaskListPage list = TaskListPage.open(page, "?agent=" + own);
        assertThat(list.tasks().locator("st-outcome")).hasText("Running");

        first.ended("succeeded").sent();
        started("second").sent();
        page.clock().fastForward(5000); // until the next poll

        assertThat(list.tasks().locator("st-outcome")).hasText("Success");
        assertThat(list.names()).hasText(new String[] {"first"}); // nothing moves
        list.button("1 new task").click();
        assertThat(list.names()).hasText(new String[] {"second", "first"});
    }

    @Test
    void userWithoutTasks_getsCommands() {
        Page page = stranger();
        page.navigate("/?login_hint=new-user");
        assertThat(page.getByLabel("Name")).hasValue("new-user"); // the form contains the name from the link
        page.locator("form button").click();

        assertThat(page.getByText("No tasks yet")).isVisible();
        assertThat(page.locator("st-command")).hasText(new String[] {
            "steptrail login " + cloud().api().address(),
            "my-agent | steptrail record",
            "steptrail import agent-client/cli/samples"
        });
    }

    @Test
    void endedTask_leavesTheListOfRunningTasks() throws Exception {
        SentRun run = started("short").sent();
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

    @Test
    void keys_moveBetweenTasks_selectAndOpenThem() throws Exception {
        faults.expect("404"); // the task has no screenshot
        SentRun first = SentRun.at(cloud(), MORNING, Map.of("name", "first", "agent", own))
                .sent();
        SentRun.at(cloud(), MORNING.plusSeconds(9), Map.of("name", "second", "agent", own))
                .sent();
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);
        assertThat(list.names()).hasText(new String[] {"second", "first"});

        list.page().keyboard().press("/");
        assertThat(list.search()).isFocused();
        list.page().keyboard().press("j"); // is typed
        assertThat(list.search()).hasValue("j");
        list.page().keyboard().press("Backspace");
        list.search().blur();
        list.page().keyboard().press("j");
        assertThat(list.names().first()).isFocused();
        list.page().keyboard().press("ArrowDown");
        assertThat(list.names().last()).isFocused();
        list.page().keyboard().press("k");
        list.page().keyboard().press("x");
        assertThat(list.task("second").getByRole(AriaRole.CHECKBOX)).isChecked();
        list.page().keyboard().press("Escape");
        assertThat(list.selectionBar()).hasCount(0);
        list.page().keyboard().press("?");
        assertThat(list.page().getByText("Select the task")).isVisible();
        list.page().keyboard().press("x"); // belongs to the dialog
        assertThat(list.selectionBar()).hasCount(0);
        list.page().keyboard().press("Escape");
        assertThat(list.names().first()).isFocused();
        list.page().keyboard().press("j");
        list.page().keyboard().press("Enter");

        list.page().waitForURL("**/tasks/" + first.task() + "*");
    }

    @Test
    void gridAndNarrowWindows_showCards() throws Exception {
        started("Open the settings of the phone")
                .doing(Map.of("action", "Back"), screen)
                .ended("succeeded")
                .sent();
        TaskListPage list = TaskListPage.open(reader(), "?agent=" + own);

        list.button("Grid").click();
        assertThat(list.page()).hasURL(Pattern.compile("view=grid$"));
        assertThat(list.tasks()).hasCount(1);
        assertThat(list.tasks().locator("st-outcome")).hasText("Success");
        list.button("Table").click();
        assertThat(list.page().locator("st-task-table table")).isVisible();
        list.page().setViewportSize(390, 844);

        assertThat(list.page().locator("st-task-table table")).hasCount(0);
        assertThat(list.tasks()).containsText("1 step");
        assertThat((int) list.page().evaluate("document.documentElement.scrollWidth"))
                .isEqualTo(390);
    }
}
