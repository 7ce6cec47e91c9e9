package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Verdicts, tags, labels and notes of a task that the agent ended as a success. */
class JudgingIT extends BrowserTest {
    private String sent = "";
    private TaskPage task;

    @BeforeEach
    void openTask() throws Exception {
        sent = SentRun.of(cloud(), Map.of("name", "to be judged"))
                .doing(Map.of("action", "Back"), Picture.SCREEN)
                .ended("succeeded")
                .sent()
                .task();
        task = TaskPage.open(reader(), sent).awaitPicture("before", 1);
    }

    /** Returns the stored verdict and its reason, such as {@code fail: no ticket}; empty if there is none. */
    private String stored() throws Exception {
        JsonNode verdicts =
                cloud().api().json("/api/tasks/" + sent + "/verdicts").get("verdicts");
        assertThat(verdicts.size()).isLessThan(2);
        return verdicts.isEmpty()
                ? ""
                : verdicts.get(0).get("value").textValue() + ": "
                        + verdicts.get(0).get("reason").asText();
    }

    private Locator form() {
        return task.page().locator("st-verdict-bar form");
    }

    private Locator reason() {
        return form().locator("input");
    }

    private void save(String key, String reason) {
        task.press(key);
        reason().fill(reason);
        task.press("Enter");
        assertThat(form()).hasCount(0);
    }

    private void assertPressed(String verdict, boolean isPressed) {
        assertThat(task.verdict(verdict)).hasAttribute("aria-pressed", "" + isPressed);
    }

    private void awaitToast(String text) {
        assertThat(task.page().locator("st-toast")).containsText(text);
    }

    @Test
    void eachVerdict_isSetByItsKey_withOrWithoutAReason() throws Exception {
        assertThat(task.outcome()).hasText("Success");

        save("f", "pressed the wrong button");

        assertPressed("Fail", true);
        assertThat(task.outcome().locator(".badge")).containsText("Failure");
        assertThat(task.outcome().locator("svg[aria-label]").last())
                .hasAttribute("aria-label", "The agent claims success; the verdict is Fail");
        assertThat(task.bar().locator(".reason")).hasText("pressed the wrong button");
        assertThat(task.tab("task")).containsText("pressed the wrong button");
        assertThat(stored()).isEqualTo("fail: pressed the wrong button");
        save("p", "");
        assertPressed("Pass", true);
        save("u", "");
        assertPressed("Unclear", true);
        assertThat(stored()).isEqualTo("unclear: null");
    }

    @Test
    void verdicts_haveWordsOnATablet() {
        task.page().setViewportSize(768, 1024);

        for (String name : List.of("Pass", "Fail", "Unclear")) {
            assertThat(task.verdict(name)).hasText(name, new LocatorAssertions.HasTextOptions().setUseInnerText(true));
        }
    }

    @Test
    void verdict_isStoredOnlyWhenItIsSaved() throws Exception {
        task.press("f");
        assertThat(reason()).isFocused();
        assertPressed("Fail", false);
        reason().fill("not sure");
        task.press("Escape");
        assertThat(form()).hasCount(0);
        task.verdict("Pass").click();
        form().waitFor();
        task.page().locator("h1").click();
        task.press("Escape"); // also if the focus is elsewhere
        assertThat(form()).hasCount(0);
        assertThat(stored()).isEmpty();

        task.press("f");
        form().waitFor();
        task.verdict("Pass").click(); // another choice
        assertThat(task.page().locator("st-verdict-bar [role=status]")).hasText("Verdict: Pass");
        assertThat(reason()).isFocused();
        form().getByText("Save").click();
        assertPressed("Pass", true);
        assertThat(stored()).isEqualTo("pass: null");
    }

    @Test
    void escape_afterAVerdictWasSaved_restoresTheEarlierOne_orRemovesTheFirst() throws Exception {
        save("p", "it works");
        awaitToast("Verdict: Pass");
        save("f", "a mistake");
        awaitToast("Verdict: Fail");
        task.press("Escape");
        awaitToast("Earlier verdict restored");
        assertPressed("Pass", true);
        assertThat(stored()).isEqualTo("pass: it works");

        task.verdict("Pass").click();
        assertThat(reason()).hasValue("it works");
        form().getByText("Remove verdict").click();
        awaitToast("Verdict removed");
        save("u", "");
        awaitToast("Verdict: Unclear");
        task.press("Escape");
        awaitToast("Verdict removed");
        assertPressed("Unclear", false);
        assertThat(stored()).isEmpty();
    }

    @Test
    void escape_inAFieldOrADialog_keepsTheVerdict() throws Exception {
        save("f", "wrong button");
        awaitToast("Verdict: Fail");
        for (Map.Entry<String, String> field :
                Map.of("t", "Add tag", "n", "Add a note").entrySet()) {
            task.press(field.getKey());
            assertThat(task.page().getByLabel(field.getValue()).first()).isFocused();
            task.page().keyboard().type("x");
            task.press("Escape");
            awaitToast("Verdict: Fail"); // still offers to undo
            task.page().locator("h1").click();
        }
        Locator dialog = task.share();
        task.press("Escape");

        assertThat(dialog.locator("dialog")).isHidden();
        assertPressed("Fail", true);
        assertThat(stored()).isEqualTo("fail: wrong button");
    }

    @Test
    void labelsAndNotes_areAddedChangedAndRemoved() {
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
