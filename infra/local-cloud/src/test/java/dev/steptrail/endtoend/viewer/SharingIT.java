package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.awt.Color;
import java.awt.Rectangle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A share link, from its creation to its revocation. */
class SharingIT extends BrowserTest {
    private SentRun sent() throws Exception {
        Picture screen = Picture.of(Color.GRAY, new Rectangle(40, 80, 80, 40));
        return SentRun.of(cloud(), Map.of("name", "to be shared"))
                .doing(Map.of("action", "Back"), screen)
                .doing(Map.of("action", "Home"), screen.sensitive())
                .ended("succeeded")
                .sent();
    }

    private static Locator sharing(Page page, String task) {
        RunPage run = RunPage.open(page, task).awaitPicture("before", 1);
        run.fold("Share").locator("summary").click();
        return run.fold("Share");
    }

    private static String link(Locator sharing) {
        sharing.getByText("Make a link").click();
        assertThat(sharing.getByLabel("Link", new Locator.GetByLabelOptions().setExact(true)))
                .hasValue(Pattern.compile("http.*#share=.+"));
        return sharing.getByLabel("Link", new Locator.GetByLabelOptions().setExact(true))
                .inputValue();
    }

    @Test
    void link_showsItsTaskWithoutSignIn_untilItIsRevoked() throws Exception {
        faults.expect("404|401");
        SentRun run = sent();
        Page owner = reader();
        Locator sharing = sharing(owner, run.task());
        String link = link(sharing);
        assertThat(sharing.locator("li")).containsText("works until");

        Page guest = stranger();
        guest.navigate(link);
        RunPage seen = new RunPage(guest).awaitPicture("before", 1);
        assertThat(guest.getByText("You see this run by a link.")).isVisible();
        assertThat(guest.locator("h1")).hasText("to be shared");
        for (String ownerOnly : List.of(".sharing", "header nav a", "text=Keep for ever", "text=Sign out")) {
            assertThat(guest.locator(ownerOnly)).hasCount(0);
        }
        seen.press("ArrowRight");
        seen.awaitStep(2);
        guest.waitForURL("**#step=2");
        guest.reload();
        seen.awaitStep(2);

        sharing.getByText("Take back").click();
        assertThat(sharing.locator("li")).containsText("taken back");
        guest.reload();
        assertThat(guest.getByRole(AriaRole.ALERT)).containsText("its link taken back");
    }

    /** A presigned URL would contain the S3 key, and therefore the sender's id. */
    @Test
    void linkWithoutDetails_showsAllPictures_withoutUrlsOfTheBucket() {
        String link = link(sharing(reader(), ViewerCloud.sample("flower-photo-loop")));
        List<String> requested = new ArrayList<>();
        List<Integer> statuses = new ArrayList<>();
        Page guest = stranger();
        guest.onRequest(request -> requested.add(request.url()));
        guest.onResponse(response -> statuses.add(response.status()));

        guest.navigate(link);
        RunPage seen = new RunPage(guest).awaitPicture("before", 1);
        guest.locator(".strip canvas").first().waitFor();
        seen.press("End");
        seen.awaitPicture("before", 28);
        guest.locator(".strip canvas").last().waitFor();

        assertThat(requested)
                .anyMatch(url -> url.matches(".*/api/shared/steps/[0-9a-f-]+\\.28/screenshot\\?index=0"))
                .anyMatch(url -> url.endsWith("&thumbnail=true"))
                .noneMatch(url -> url.contains("X-Amz-"))
                .noneMatch(url -> url.contains(cloud().environment().get("STEPTRAIL_SENDER")));
        assertThat(statuses).isNotEmpty().allMatch(status -> status < 400);
    }

    @Test
    void linkWithDetails_isMarkedInTheList() throws Exception {
        Locator sharing = sharing(reader(), sent().task());

        sharing.getByLabel("With owner, device and storage keys").check();
        link(sharing);

        assertThat(sharing.locator("li")).containsText("With owner, device and storage keys");
    }

    @Test
    void link_showsNoOtherTask() throws Exception {
        faults.expect("404");
        String link = link(sharing(reader(), sent().task()));

        Page guest = stranger();
        guest.navigate("/shared/" + ViewerCloud.demo() + link.substring(link.indexOf('#')));

        assertThat(guest.getByRole(AriaRole.ALERT)).containsText("This is not there, or not for you.");
        assertThat(guest.locator("h1")).hasCount(0);
    }

    @Test
    void sensitivePicture_isIncludedOnlyInLinksThatAllowIt_andIsVeiled() throws Exception {
        faults.expect("404"); // the link returns 404 for the sensitive picture
        SentRun run = sent();
        Page owner = reader();
        Locator sharing = sharing(owner, run.task());
        String without = link(sharing);
        assertThat(sharing).containsText("Texts are shared whatever you choose");
        sharing.getByLabel("With pictures that may show something private").check();
        sharing.getByText("Make a link").click();
        Locator made = sharing.getByLabel("Link", new Locator.GetByLabelOptions().setExact(true));
        assertThat(made).not().hasValue(without);

        Page guest = stranger();
        guest.navigate(without + "&step=2");
        new RunPage(guest).awaitStep(2);
        assertThat(guest.locator(".player .stage")).hasAttribute("data-state", "missing");
        Page trusted = stranger();
        trusted.navigate(made.inputValue() + "&step=2");
        new RunPage(trusted).awaitStep(2);
        assertThat(trusted.locator(".player .stage")).hasAttribute("data-state", "veiled");
    }

    @Test
    void link_isCopiedByAClick() throws Exception {
        Page owner = reader();
        owner.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        Locator sharing = sharing(owner, sent().task());
        String link = link(sharing);

        sharing.getByText("Copy", new Locator.GetByTextOptions().setExact(true)).click();

        assertThat(sharing.getByText("Copied.")).isVisible();
        assertThat(owner.evaluate("navigator.clipboard.readText()")).isEqualTo(link);
    }

    @Test
    void htmlAndPdf_areDownloadedByALink_withoutTheOwner() throws Exception {
        String link = link(sharing(reader(), sent().task()));
        Page guest = stranger();
        guest.navigate(link);
        new RunPage(guest).awaitPicture("before", 1);

        String html = Files.readString(download(guest, "html"));

        assertThat(html)
                .startsWith("<!")
                .contains("to be shared", "data:image/")
                .doesNotContain("demo", cloud().environment().get("STEPTRAIL_SENDER"));
        assertThat(Files.readString(download(guest, "pdf"), StandardCharsets.ISO_8859_1))
                .startsWith("%PDF-");
    }

    private static Path download(Page page, String format) {
        return page.waitForDownload(
                        () -> page.locator("[data-form=" + format + "]").click())
                .path();
    }

    @Test
    void linkWithoutToken_isReportedAsIncomplete() {
        Page guest = stranger();
        guest.navigate("/shared/" + ViewerCloud.demo());

        assertThat(guest.getByText("This link is not complete")).isVisible();
    }

    @Test
    void newLinkToTheSameTask_worksInTheSameTab() throws Exception {
        faults.expect("404|401");
        SentRun run = sent();
        Locator sharing = sharing(reader(), run.task());
        String old = link(sharing);
        sharing.getByText("Take back").click();
        assertThat(sharing.locator("li")).containsText("taken back");
        assertThat(sharing.locator(".made")).hasCount(0);
        Page guest = stranger();
        guest.navigate(old);
        assertThat(guest.getByRole(AriaRole.ALERT)).containsText("its link taken back");

        guest.evaluate("(link) => { location.href = link; }", link(sharing));

        new RunPage(guest).awaitPicture("before", 1);
        guest.waitForURL(url -> !url.contains("share="));
    }
}
