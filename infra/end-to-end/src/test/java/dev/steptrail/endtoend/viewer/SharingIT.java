package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A share link, from its creation to its revocation. */
class SharingIT extends BrowserTest {
    private String sent() throws Exception {
        return SentRun.of(cloud(), Map.of("name", "to be shared"))
                .doing(Map.of("action", "Back"), Picture.SCREEN)
                .doing(Map.of("action", "Home"), Picture.SCREEN.sensitive())
                .ended("succeeded")
                .sent()
                .task();
    }

    private Locator dialog() throws Exception {
        return TaskPage.open(reader(), sent()).awaitPicture("before", 1).share();
    }

    private static Locator address(Locator dialog) {
        return dialog.getByRole(
                AriaRole.TEXTBOX, new Locator.GetByRoleOptions().setName("Link").setExact(true));
    }

    private static String createLink(Locator dialog) {
        dialog.getByText("Create link").click();
        assertThat(address(dialog)).hasValue(Pattern.compile("http.*#share=.+"));
        return address(dialog).inputValue();
    }

    private TaskPage guest(String link) {
        Page guest = stranger();
        guest.navigate(link);
        return new TaskPage(guest);
    }

    private static void assertLinkIsRejected(TaskPage guest) {
        assertThat(guest.page().getByText("This link does not work")).isVisible();
        assertThat(guest.page().getByText("Ask its sender for a new one.")).isVisible();
        assertThat(guest.bar()).hasCount(0);
    }

    @Test
    void link_showsItsTaskWithoutSignIn_untilItIsRevoked() throws Exception {
        faults.expect("404|401");
        Locator dialog = dialog();
        String link = createLink(dialog);
        assertThat(dialog.locator("li")).containsText("valid until");

        TaskPage task = guest(link).awaitPicture("before", 1);
        Page guest = task.page();
        assertThat(guest.locator("header").first()).containsText("Shared task");
        assertThat(guest.locator("h1")).hasText("to be shared");
        for (String ownerOnly : List.of(
                "st-share-dialog",
                "header nav a",
                "st-judgement",
                "st-task-bar wa-dropdown",
                "text=Sign out",
                "text=demo")) {
            assertThat(guest.locator(ownerOnly)).hasCount(0);
        }
        task.press("f"); // is no key here
        task.press("ArrowRight");
        task.awaitStep(2);
        assertThat(guest.locator("st-verdict-bar")).hasCount(0);

        dialog.getByText("Revoke").click();
        assertThat(dialog.locator("li")).containsText("revoked");
        assertThat(dialog.locator("li button")).hasCount(0);
        assertThat(dialog.locator(".link")).hasCount(0);
        guest.reload();
        assertLinkIsRejected(task);
        guest.evaluate("(link) => { location.href = link; }", createLink(dialog)); // a new link in the same tab
        task.awaitPicture("before", 1);
    }

    @Test
    void address_keepsTheTokenBesideTheStep_andWorksInAnotherTab() throws Exception {
        faults.expect("404"); // the link returns 404 for the sensitive picture
        String link = createLink(dialog());
        TaskPage task = guest(link).awaitPicture("before", 1);

        task.press("ArrowRight");
        task.page().waitForURL(link + "&step=2");
        task.tab("json");
        String address = link + "&step=2&tab=json";
        task.page().waitForURL(address);

        task.page().reload();
        task.awaitStep(2);
        assertThat(task.page()).hasURL(address);
        TaskPage other = guest(address).awaitStep(2);
        assertThat(other.page().locator("st-json-tab")).containsText("\"step_number\": 2");
    }

    @Test
    void linkToAnotherTask_orWithoutAToken_showsNothing() {
        faults.expect("404");
        String link = shareLink(ViewerCloud.sample("flower-photo-loop"));

        assertLinkIsRejected(guest("/shared/" + ViewerCloud.demo() + link.substring(link.indexOf('#'))));
        TaskPage incomplete = guest("/shared/" + ViewerCloud.demo());
        assertThat(incomplete.page().getByText("This link is incomplete")).isVisible();
    }

    @Test
    void sensitivePicture_isIncludedOnlyInLinksThatAllowIt_andIsVeiled() throws Exception {
        faults.expect("404"); // the link returns 404 for the sensitive picture
        Locator dialog = dialog();
        String details = "Include owner, device, metadata and storage paths";
        dialog.getByLabel(details).check();
        String without = createLink(dialog);
        assertThat(dialog.locator("li")).containsText(details);
        assertThat(dialog).containsText("Anyone with a link can see this task without signing in.");
        dialog.getByLabel("Include sensitive screenshots").check();
        dialog.getByText("Create link").click();
        assertThat(address(dialog)).not().hasValue(without);

        TaskPage guest = guest(without + "&step=2").awaitStep(2);
        assertThat(guest.stage()).hasAttribute("state", Pattern.compile("none|deleted"));
        TaskPage trusted = guest(address(dialog).inputValue() + "&step=2").awaitStep(2);
        assertThat(trusted.stage()).hasAttribute("state", "veiled");
    }

    @Test
    void htmlAndPdf_areDownloadedByACopiedLink_withoutTheOwner() throws Exception {
        Locator dialog = dialog();
        Page owner = dialog.page();
        owner.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        String link = createLink(dialog);
        dialog.getByLabel("Copy link").click();
        assertThat(dialog.locator("st-copy-button [role=status]")).hasText("Copied");
        assertThat(owner.evaluate("navigator.clipboard.readText()")).isEqualTo(link);
        TaskPage guest = guest(link).awaitPicture("before", 1);

        String html = Files.readString(guest.download("html").path());

        assertThat(html)
                .startsWith("<!")
                .contains("to be shared", "data:image/")
                .doesNotContain("demo", cloud().environment().get("STEPTRAIL_SENDER"));
        assertThat(Files.readString(guest.download("pdf").path(), StandardCharsets.ISO_8859_1))
                .startsWith("%PDF-");
        assertThat(guest.page().locator("[data-format=zip]")).hasCount(0);
    }
}
