package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.KeyboardModifier;
import dev.steptrail.endtoend.InsightRows;
import java.awt.Color;
import java.awt.Rectangle;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The list of tasks: rows, cards, filters, groups, selected tasks, keys and live updates. */
class TaskListIT extends BrowserTest {
    private static final Instant MORNING = Instant.parse("2024-03-01T02:00:00Z");

    /** An agent name that is unique to this test. */
    private final String own = "list-" + UUID.randomUUID();

    private SentRun started(String name) {
        return SentRun.of(cloud(), Map.of("name", name, "agent", own));
    }

    private SentRun atMorning(int seconds, String name, Map<String, Object> more) {
        Map<String, Object> about = new HashMap<>(Map.of("name", name, "agent", own));
        about.putAll(more);
        return SentRun.at(cloud(), MORNING.plusSeconds(seconds), about);
    }

    private TaskListPage open() {
        return open(reader(), "");
    }

    private TaskListPage open(Page page, String more) {
        return TaskListPage.open(page, "?agent=" + own + more);
    }

    @Test
    void tasks_areListedWithTheirDetails() throws Exception {
        faults.expect("404"); // the task's page requests a screenshot before it knows that there is none
        String model = "Qwen/Qwen2.5-VL-72B-Instruct-AWQ";
        SentRun run = atMorning(0, "Water the plants", Map.of("model", model, "device_id", "phone"))
                .doing(Map.of("action", "Back"))
                .step(Map.of("success", false, "error_message", "dry"))
                .ended("failed")
                .sent();

        TaskListPage list = open();

        assertThat(list.tasks()).hasCount(1);
        assertThat(list.names()).hasText("Water the plants");
        assertThat(list.tasks().locator("st-outcome")).hasText("Failure");
        assertThat(list.tasks().locator(".error")).hasText("dry");
        assertThat(list.tasks().locator(".steps")).hasText(Pattern.compile("2\\s*1 failed"));
        assertThat(list.tasks().locator(".duration")).hasText("2.0 s");
        assertThat(list.tasks().locator(".model")).hasText(Pattern.compile(model + "\\s*" + own));
        assertThat(list.tasks().locator(".started div")).hasText("Mar 1, 2024");
        assertThat(list.tasks().locator(".started div"))
                .hasAttribute("title", "Mar 1, 2024, 10:00:00 AM"); // in Shanghai
        resize(list.page(), 2560, 1440);
        assertThat(list.tasks()
                        .locator(".model div")
                        .first()
                        .evaluate("(name) => name.scrollWidth <= name.clientWidth"))
                .as("a long name of a model is whole on a wide window")
                .isEqualTo(true);
        list.tasks()
                .locator(".duration")
                .click(new Locator.ClickOptions().setForce(true)); // the link covers the whole row
        list.page().waitForURL("**/tasks/" + run.task() + "*");
    }

    @Test
    void thumbnail_isTheLastScreenshot_unlessItIsSensitive() throws Exception {
        Picture last = Picture.of(Color.BLUE, new Rectangle(0, 0, 9, 9));
        SentRun.sendAll(List.of(
                started("seen").doing(Map.of("action", "Back"), Picture.SCREEN).doing(Map.of("action", "Back"), last),
                started("secret").doing(Map.of("action", "Back"), Picture.SCREEN, last.sensitive()),
                started("blind").doing(Map.of("action", "Back"))));

        TaskListPage list = open();

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
                assertThat(open().names()).hasText(new String[] {"hay 0"});
            } finally {
                statement.execute("DELETE FROM tasks WHERE agent LIKE '%" + own + "'");
            }
        }
    }

    @Test
    void eachFilter_selectsMatchingTasks_andIsKeptInTheAddress() throws Exception {
        SentRun.sendAll(List.of(
                atMorning(0, "early", Map.of("model", "m-1", "device_id", "d-1", "metadata", Map.of("build", own)))
                        .ended("succeeded"),
                atMorning(3600, "late", Map.of("model", "m-2", "device_id", "d-2"))
                        .ended("failed")));
        TaskListPage list = open(reader(), "&metadata.build=" + own);
        assertThat(list.names()).hasText(new String[] {"early"});
        list.button("Remove filter: metadata.build").click();
        assertThat(list.tasks()).hasCount(2);

        list.choose("status", "Claimed failure");
        assertThat(list.names()).hasText(new String[] {"late"});
        assertThat(list.filter("status")).containsText("Status: Claimed failure");
        list.page().goBack();
        assertThat(list.tasks()).hasCount(2);
        list.page().goForward();
        assertThat(list.names()).hasText(new String[] {"late"});
        list.clear("status");
        for (Map.Entry<String, String> filter :
                Map.of("model", "m-1", "device_id", "d-1").entrySet()) {
            assertThat(list.names()).hasCount(2);
            list.choose(filter.getKey(), filter.getValue());
            assertThat(list.names()).hasText(new String[] {"early"});
            list.clear(filter.getKey());
        }
        assertThat(list.names()).hasCount(2);
        Locator time = list.openFilter("time");
        time.getByLabel("From").fill("2024-03-01T10:30");
        time.getByText("Apply").click();
        assertThat(list.names()).hasText(new String[] {"late"});
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
    void list_loadsMoreOnScrolling() throws Exception {
        SentRun.sendAll(IntStream.rangeClosed(1, 120)
                .mapToObj(number -> atMorning(number, "task " + number, Map.of()))
                .toList());
        TaskListPage list = open();

        for (int shown : new int[] {50, 100}) {
            assertThat(list.tasks()).hasCount(shown);
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
        TaskListPage list = open(page, "");
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
    void endedTask_leavesTheListOfRunningTasks() throws Exception {
        SentRun run = started("short").sent();
        Page page = reader();
        page.clock().install();
        TaskListPage list = open(page, "&status=running");
        assertThat(list.names()).hasText(new String[] {"short"});

        run.ended("succeeded").sent();
        page.clock().fastForward(5000);

        assertThat(page.getByText("No task matches")).isVisible();
        assertThat(list.tasks()).hasCount(0);
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
    void keys_moveBetweenTasks_selectAndOpenThem() throws Exception {
        faults.expect("404"); // the task has no screenshot
        SentRun first = atMorning(0, "first", Map.of());
        SentRun.sendAll(List.of(first, atMorning(9, "second", Map.of())));
        TaskListPage list = open();
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
    void gridAndNarrowWindows_showCards_andTheWayBackFromATaskKeepsTheView() throws Exception {
        started("Open the settings of the phone")
                .doing(Map.of("action", "Back"), Picture.SCREEN)
                .ended("succeeded")
                .sent();
        TaskListPage list = open();

        list.button("Grid").click();
        assertThat(list.page()).hasURL(Pattern.compile("view=grid$"));
        assertThat(list.tasks()).hasCount(1);
        assertThat(list.tasks().locator("st-outcome")).hasText("Success");
        list.names().click();
        new TaskPage(list.page())
                .awaitPicture("before", 1)
                .bar()
                .getByLabel("All tasks")
                .click();
        assertThat(list.page()).hasURL(Pattern.compile("/\\?agent=" + own + "&view=grid$"));
        list.button("Table").click();
        assertThat(list.page().locator("st-task-table table")).isVisible();
        list.page().setViewportSize(390, 844);

        assertThat(list.page().locator("st-task-table table")).hasCount(0);
        assertThat(list.tasks()).containsText("1 step");
    }

    @Test
    void selectedTasks_areTagged_keptAndDeleted() throws Exception {
        SentRun.sendAll(List.of(started("one"), started("two"), started("three")));
        TaskListPage list = open();
        Locator boxes = list.tasks().getByRole(AriaRole.CHECKBOX);
        boxes.first().check();
        boxes.last().click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
        assertThat(list.selectionBar()).containsText("3 tasks selected");

        action(list, "Tag").click();
        list.page()
                .getByRole(AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName("Tag"))
                .fill("reviewed");
        list.page().keyboard().press("Enter");
        assertThat(list.tasks().locator(".tag")).hasText(new String[] {"reviewed", "reviewed", "reviewed"});
        assertThat(list.selectionBar()).hasCount(0);
        list.page().keyboard().press("Escape"); // undoes it
        assertThat(list.tasks().locator(".tag")).hasCount(0);

        list.select("two");
        action(list, "Keep").click();
        assertThat(list.task("two").getByLabel("Kept indefinitely")).isVisible();
        assertThat(list.tasks().getByLabel("Kept indefinitely")).hasCount(1);

        list.select("one");
        list.select("two");
        action(list, "Delete").click();
        assertThat(list.page().getByText("Delete 2 tasks?")).isVisible();
        list.button("Cancel").click();
        assertThat(list.tasks()).hasCount(3);
        action(list, "Delete").click();
        list.page()
                .locator("st-confirm-dialog")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"))
                .click();
        assertThat(list.names()).hasText(new String[] {"three"});
        assertThat(list.page().getByText("2 tasks deleted")).isVisible();
    }

    private static Locator action(TaskListPage list, String name) {
        return list.selectionBar().getByText(name, new Locator.GetByTextOptions().setExact(true));
    }

    @Test
    void selectedTasks_areExportedAndCompared_theOlderFirst() throws Exception {
        SentRun older = atMorning(0, "older", Map.of());
        SentRun newer = started("newer").doing(Map.of("action", "Back")).ended("succeeded");
        SentRun.sendAll(List.of(older, newer));
        TaskListPage list = open();

        list.select("newer");
        Locator panel = list.openFilter("status").locator(".panel");
        assertThat(panel).isVisible();
        list.page().keyboard().press("Escape"); // closes the filter only
        assertThat(panel).isHidden();
        assertThat(list.selectionBar()).containsText("1 task selected");
        assertThat(action(list, "Compare")).isDisabled();
        list.select("older");
        assertThat(action(list, "Compare")).hasAttribute("href", "/compare?a=" + older.task() + "&b=" + newer.task());
        assertThat(list.page()
                        .waitForDownload(() -> action(list, "Export").click())
                        .suggestedFilename())
                .endsWith(".zip");
    }

    private Map<String, Object> inExperiment(String name) {
        return Map.of("name", name, "agent", own, "experiment", own);
    }

    private Locator group(TaskListPage list) {
        return list.page().locator(".group").filter(new Locator.FilterOptions().setHasText(own));
    }

    @Test
    void groups_haveSuccessRateAndLatestOutcomes_andOpen() throws Exception {
        SentRun running = SentRun.of(cloud(), inExperiment("camera"));
        SentRun.sendAll(List.of(
                SentRun.of(cloud(), inExperiment("camera")).ended("succeeded"),
                SentRun.of(cloud(), inExperiment("camera")).ended("failed"),
                started("other").ended("succeeded"),
                running));
        Page page = reader();
        page.clock().install();
        TaskListPage list = open(page, "");

        list.button("Group: No groups").click();
        page.getByText("By experiment").click();

        assertThat(page).hasURL(Pattern.compile("group=experiment"));
        assertThat(group(list)).containsText("50%");
        assertThat(group(list)).containsText("1 of 2");
        Locator outcomes = page.locator("st-group-list li").filter(new Locator.FilterOptions().setHasText(own));
        assertThat(outcomes.locator(".outcomes"))
                .hasAttribute("title", Pattern.compile("^Of the latest 3: 1 passed, 1 failed.*One bar per task.*"));
        assertThat(outcomes.locator(".outcomes rect")).hasCount(3);
        group(list).click();
        assertThat(list.tasks().locator("st-outcome")).hasText(new String[] {"Failure", "Success", "Running"});
        running.ended("succeeded").sent();
        page.clock().fastForward(5000);
        assertThat(list.tasks().locator("st-outcome")).hasText(new String[] {"Failure", "Success", "Success"});
        page.getByText("Show in the list").click();
        assertThat(page).hasURL(Pattern.compile("/\\?agent=" + own + "&experiment=" + own + "$"));
        assertThat(list.names()).hasText(new String[] {"camera", "camera", "camera"});
    }

    @Test
    void groupOfAnInstruction_hasOnlyTasksWithIt() throws Exception {
        String instruction = "take a picture " + own;
        SentRun same = SentRun.of(cloud(), Map.of("description", instruction + "!", "agent", own));
        SentRun other = SentRun.of(cloud(), Map.of("description", instruction + " and wait", "agent", own));
        SentRun.sendAll(List.of(same.ended("succeeded"), other.ended("succeeded")));
        new InsightRows(cloud(), "demo").addDigest(UUID.fromString(same.task()), instruction, "[]");

        TaskListPage list = open(reader(), "&group=instruction");
        list.page()
                .getByText(instruction, new Page.GetByTextOptions().setExact(true))
                .click();

        assertThat(list.names()).hasText(new String[] {instruction + "!"});
    }

    @Test
    void groupWhoseTasksCannotBeRead_isClosedAgain() throws Exception {
        faults.expect("503");
        SentRun.of(cloud(), inExperiment("other")).ended("succeeded").sent();
        TaskListPage list = open(reader(), "&group=experiment");
        Route.FulfillOptions error = new Route.FulfillOptions().setStatus(503).setBody("");
        list.page().route("**/api/tasks?*", route -> route.fulfill(error), new Page.RouteOptions().setTimes(1));

        group(list).click();
        assertThat(list.page().getByRole(AriaRole.ALERT)).isVisible();
        assertThat(group(list)).hasAttribute("aria-expanded", "false");

        group(list).click();
        assertThat(list.names()).hasText(new String[] {"other"});
    }
}
