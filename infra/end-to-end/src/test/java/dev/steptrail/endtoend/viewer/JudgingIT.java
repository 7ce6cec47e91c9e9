package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Verdicts, tags, labels and notes of a task that the agent ended as a success, although a step failed. */
class JudgingIT extends BrowserTest {
    private final Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
    private String sent = "";

    @BeforeEach
    void sendTask() throws Exception {
        sent = SentRun.of(cloud(), Map.of("name", "to be judged"))
                .doing(Map.of("action", "Back"), screen)
                .step(Map.of("success", false, "error_message", "no such button"), screen)
                .doing(Map.of("action", "Home"), screen)
                .ended("succeeded")
                .sent()
                .task();
    }

    private TaskPage open() {
        return TaskPage.open(reader(), sent).awaitPicture("before", 1);
    }

    private JsonNode verdicts() throws Exception {
        return cloud().api().json("/api/tasks/" + sent + "/verdicts").get("verdicts");
    }

    private static Locator bar(TaskPage task) {
        return task.page().locator("st-verdict-bar");
    }

    private static void awaitVerdict(TaskPage task, String name) {
        assertThat(task.verdict(name)).hasAttribute("aria-pressed", "true");
    }

    @Test
    void eachVerdict_isSetByItsKey_withAReason() throws Exception {
        TaskPage task = open();
        assertThat(task.outcome()).hasText("Success");

        task.press("f");
        assertThat(bar(task).locator("[role=status]")).hasText("Verdict: Fail");
        assertThat(bar(task).locator("input")).isFocused();
        task.page().keyboard().type("pressed the wrong button");
        task.press("Enter");

        assertThat(bar(task)).hasCount(0);
        awaitVerdict(task, "Fail");
        assertThat(task.outcome().locator(".badge")).containsText("Failure");
        assertThat(task.outcome().locator("svg[aria-label]").last())
                .hasAttribute("aria-label", "The agent claims success; the verdict is Fail");
        assertThat(task.bar().locator(".reason")).hasText("pressed the wrong button");
        assertThat(task.tab("task")).containsText("pressed the wrong button");
        assertThat(verdicts()).hasSize(1);
        assertThat(verdicts().get(0).get("value").textValue()).isEqualTo("fail");
        assertThat(verdicts().get(0).get("reason").textValue()).isEqualTo("pressed the wrong button");
        for (Map.Entry<String, String> key : List.of(Map.entry("p", "Pass"), Map.entry("u", "Unclear"))) {
            task.press(key.getKey());
            bar(task).locator("input").press("Enter"); // without a reason
            assertThat(bar(task)).hasCount(0);
            awaitVerdict(task, key.getValue());
        }
        assertThat(verdicts()).hasSize(1);
        assertThat(verdicts().get(0).get("value").textValue()).isEqualTo("unclear");
    }

    @Test
    void verdicts_haveWordsOnATablet() {
        TaskPage task = open();
        task.page().setViewportSize(768, 1024);

        for (String name : List.of("Pass", "Fail", "Unclear")) {
            assertThat(task.verdict(name)).hasText(name, new LocatorAssertions.HasTextOptions().setUseInnerText(true));
        }
    }

    @Test
    void verdict_isStoredOnlyWhenItIsSaved() throws Exception {
        TaskPage task = open();

        task.press("f");
        assertThat(bar(task).locator("input")).isFocused();
        assertThat(task.verdict("Fail")).hasAttribute("aria-pressed", "false");
        assertThat(verdicts()).isEmpty();
        bar(task).locator("input").fill("not sure");
        task.press("Escape");
        assertThat(bar(task)).hasCount(0);
        task.verdict("Pass").click();
        bar(task).locator("form").waitFor();
        task.page().locator("h1").click();
        task.press("Escape"); // also if the focus is elsewhere
        assertThat(bar(task)).hasCount(0);
        assertThat(verdicts()).isEmpty();

        task.press("f");
        bar(task).locator("form").waitFor();
        task.verdict("Pass").click(); // another choice
        assertThat(bar(task).locator("[role=status]")).hasText("Verdict: Pass");
        assertThat(bar(task).locator("input")).isFocused();
        bar(task).getByText("Save").click();
        awaitVerdict(task, "Pass");
        assertThat(verdicts()).hasSize(1);
    }

    @Test
    void escape_afterAVerdictWasSaved_restoresTheEarlierOne() throws Exception {
        TaskPage task = open();

        task.press("p");
        bar(task).locator("input").fill("it works");
        task.press("Enter");
        assertThat(task.page().locator("st-toast")).containsText("Verdict: Pass");
        task.press("f");
        bar(task).locator("input").fill("a mistake");
        task.press("Enter");
        assertThat(task.page().locator("st-toast")).containsText("Verdict: Fail");
        task.press("Escape");
        assertThat(task.page().locator("st-toast")).containsText("Earlier verdict restored");
        awaitVerdict(task, "Pass");
        assertThat(verdicts().get(0).get("reason").textValue()).isEqualTo("it works");
    }

    @Test
    void escape_afterTheFirstVerdictWasSaved_removesIt() throws Exception {
        TaskPage task = open();

        task.press("f");
        bar(task).locator("input").press("Enter");
        assertThat(task.page().locator("st-toast")).containsText("Verdict: Fail");
        task.press("Escape");

        assertThat(task.page().locator("st-toast")).containsText("Verdict removed");
        assertThat(task.verdict("Fail")).hasAttribute("aria-pressed", "false");
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void escape_inAField_keepsTheVerdict() throws Exception {
        TaskPage task = open();
        for (String key : List.of("t", "n")) {
            task.press("f");
            bar(task).locator("input").fill("wrong button " + key);
            task.press("Enter");
            assertThat(bar(task)).hasCount(0);
            assertThat(task.page().locator("st-toast")).containsText("Verdict: Fail");

            task.press(key);
            assertThat(task.page()
                            .getByLabel(key.equals("t") ? "Add tag" : "Add a note")
                            .first())
                    .isFocused();
            task.page().keyboard().type("x");
            task.press("Escape");

            assertThat(task.page().locator("st-toast")).containsText("Verdict: Fail"); // still offers to undo
            assertThat(task.verdict("Fail")).hasAttribute("aria-pressed", "true");
            assertThat(verdicts()).hasSize(1);
            task.page().locator("h1").click();
        }
    }

    @Test
    void escape_inADialog_closesIt_andKeepsTheVerdict() throws Exception {
        TaskPage task = open();
        task.press("u");
        bar(task).locator("input").press("Enter");
        assertThat(task.page().locator("st-toast")).containsText("Verdict: Unclear");

        Locator dialog = task.share();
        task.press("Escape");

        assertThat(dialog.locator("dialog")).isHidden();
        assertThat(task.verdict("Unclear")).hasAttribute("aria-pressed", "true");
        assertThat(verdicts()).hasSize(1);
    }

    @Test
    void verdict_chosenAgain_showsItsReason_andCanBeRemoved() throws Exception {
        TaskPage task = open();
        task.press("f");
        bar(task).locator("input").fill("no ticket");
        task.press("Enter");
        assertThat(bar(task)).hasCount(0);

        task.verdict("Fail").click();
        assertThat(bar(task).locator("input")).hasValue("no ticket");
        task.press("Escape"); // changes nothing
        assertThat(bar(task)).hasCount(0);
        assertThat(verdicts().get(0).get("reason").textValue()).isEqualTo("no ticket");
        task.verdict("Fail").click();
        bar(task).getByText("Remove verdict").click();

        assertThat(task.verdict("Fail")).hasAttribute("aria-pressed", "false");
        assertThat(task.page().locator("st-toast")).containsText("Verdict removed");
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void labelsAndNotes_areAddedChangedAndRemoved() throws Exception {
        TaskPage task = open();

        Locator step = task.tab("step");
        step.getByText("Unnecessary").click();
        assertThat(step.locator(".chip")).containsText("Unnecessary");
        assertThat(task.step(1).locator(".label")).hasCount(1);
        step.getByLabel("Remove Unnecessary").click();
        assertThat(step.locator(".chip")).hasCount(0);

        Locator notes = task.tab("notes");
        notes.getByLabel("Add a note").fill("first");
        notes.getByText("Add note").click();
        assertThat(notes.locator("li")).containsText("Step 1");
        assertThat(task.page().locator("#tab-notes .count")).hasText("1");
        notes.getByText("Edit", new Locator.GetByTextOptions().setExact(true)).click();
        notes.locator("li textarea").fill("second");
        notes.getByText("Save").click();
        assertThat(notes.locator("li")).containsText("second");
        assertThat(notes.locator("li")).containsText("edited");
        notes.getByText("Delete").click();
        assertThat(notes).containsText("No notes yet");
    }
}
