package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Signing in and out in the viewer. */
class SignInPageIT extends BrowserTest {
    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    @Test
    void signIn_returnsToTheOriginalPage_withACodeThatOnlyThisTabCanUse() throws Exception {
        Page page = stranger();
        List<Request> requests = new ArrayList<>();
        page.onRequest(requests::add);
        page.navigate("/tasks/" + ViewerCloud.sample("flower-photo-loop") + "#step=17");

        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
        page.getByText("Sign in as demo").click();

        new TaskPage(page).awaitPicture("before", 17);
        assertThat(page).hasURL(Pattern.compile("/tasks/[^?]+#step=17$"));
        String authorization = request(requests, "/authorize?").url();
        String token = request(requests, "/token").postData();
        assertThat(authorization).contains("response_type=code", "code_challenge_method=S256");
        assertThat(parameter(authorization, "code_challenge")).isEqualTo(challenge(parameter(token, "code_verifier")));
        assertThat(parameter(request(requests, "/signed-in?").url(), "state"))
                .isEqualTo(parameter(authorization, "state"));
    }

    private static Request request(List<Request> requests, String part) {
        return requests.stream()
                .filter(request -> request.url().contains(part))
                .findFirst()
                .orElseThrow();
    }

    private static String parameter(String form, String name) {
        return form.replaceFirst("(?s)(?:.*[?&]|^)" + name + "=([^&]+).*", "$1");
    }

    private static String challenge(String verifier) throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8)));
    }

    /** Signs in by the link of the demo, and waits for its task. */
    private static Page signIn(Page page) {
        page.navigate("/tasks/" + ViewerCloud.demo() + "?login_hint=demo");
        new TaskPage(page).awaitPicture("before", 1);
        return page;
    }

    @Test
    void demoLink_opensItsReport_signedIn() {
        Page page = signIn(stranger());

        assertThat(page.locator("h1")).hasText("把媒体音量调到最大，然后在备忘录里记一笔");
        assertThat(page).hasURL(Pattern.compile("/tasks/[0-9a-f-]{36}(#step=1)?$"));
    }

    private static void signOut(Page page) {
        page.getByLabel("Account: demo").click();
        page.locator("st-account-menu")
                .getByRole(AriaRole.MENUITEM, new Locator.GetByRoleOptions().setName("Sign out"))
                .click();
    }

    private static void signInByTheAlert(Page page) {
        page.getByRole(AriaRole.ALERT)
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Sign in"))
                .click();
        page.getByText("Sign in as demo").click();
    }

    @Test
    void expiredSession_isReported_andSignInReturnsToThePage() {
        faults.expect("401|thrown: Problem");
        Page page = reader();
        page.navigate("/tasks/" + ViewerCloud.demo());
        page.evaluate("sessionStorage.setItem('session', JSON.stringify({"
                + "token: 'over', user: 'demo', expiresAt: Date.now() + 3600000 }))");
        page.reload();

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Your session has expired.");
        signInByTheAlert(page);
        new TaskPage(page).awaitPicture("before", 1);
    }

    @Test
    void rotatedRefreshToken_replacesTheEarlierOne() {
        Page page = signIn(stranger());
        String accessToken = session(page, "token");
        String refreshToken = session(page, "refreshToken");
        List<String> grants = new ArrayList<>();
        page.route("**/token", route -> {
            grants.add(route.request().postData());
            route.fulfill(new Route.FulfillOptions()
                    .setContentType("application/json")
                    .setBody("{\"access_token\":\"" + accessToken + "\",\"token_type\":\"Bearer\",\"expires_in\":900,"
                            + "\"refresh_token\":\"rotated-" + grants.size() + "\"}"));
        });

        for (int i = 1; i <= 2; i++) {
            page.evaluate("sessionStorage.setItem('session', JSON.stringify({"
                    + "...JSON.parse(sessionStorage.getItem('session')), expiresAt: 0 }))");
            page.reload();
            page.waitForFunction(
                    "token => JSON.parse(sessionStorage.getItem('session')).refreshToken === token", "rotated-" + i);
        }

        assertThat(grants).hasSize(2).allMatch(form -> form.contains("grant_type=refresh_token"));
        assertThat(parameter(grants.get(0), "refresh_token")).isEqualTo(refreshToken);
        assertThat(parameter(grants.get(1), "refresh_token")).isEqualTo("rotated-1");
    }

    private static String session(Page page, String member) {
        return (String) page.evaluate("name => JSON.parse(sessionStorage.getItem('session'))[name]", member);
    }

    @Test
    void unsolicitedResponse_isRejected() {
        Page page = stranger();
        page.navigate("/signed-in?code=stolen&state=guessed");

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Sign-in failed.");
        assertThat(page.evaluate("sessionStorage.getItem('session')")).isNull();
    }

    @Test
    void afterAccessDenied_signInReturnsToTheOriginalPage() {
        Page page = stranger();
        page.navigate("/tasks/" + ViewerCloud.demo());
        page.getByRole(AriaRole.BUTTON, named("Sign in")).click();
        page.getByText("Sign in as demo").waitFor();
        // The local issuer has the same origin as the viewer.
        Object state = page.evaluate("JSON.parse(sessionStorage.getItem('sign-in')).state");
        page.navigate("/signed-in?error=access_denied&state=" + state);

        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Sign-in failed.");
        signInByTheAlert(page);

        new TaskPage(page).awaitPicture("before", 1);
        assertThat(page).hasURL(Pattern.compile("/tasks/[0-9a-f-]{36}(#step=1)?$"));
    }

    @Test
    void signOut_inOneTab_hidesAllDataInAllTabs() {
        Page page = signIn(stranger());
        Page tab = page.context().newPage();
        tab.navigate("/tasks/" + ViewerCloud.demo());
        tab.getByText("Sign in as demo").click(); // the issuer's page, since the local issuer has no session
        new TaskPage(tab).awaitPicture("before", 1);

        signOut(page);

        assertThat(page).hasURL(cloud().api().address() + "/");
        assertThat(tab.getByRole(AriaRole.BUTTON, named("Sign in"))).isVisible();
        assertThat(tab.locator("st-task-page")).hasCount(0);
        assertThat(tab.evaluate("sessionStorage.getItem('session')")).isNull();
        page.navigate("/tasks/" + ViewerCloud.demo());
        assertThat(page.getByText("Steptrail records what an agent saw, thought and did on a phone"))
                .isVisible();
        assertThat(page.locator("st-task-page")).hasCount(0);
    }

    @Test
    void signOut_clearsThePage_evenAfterTheBackButton() {
        Page page = signIn(stranger());
        page.route("**/.well-known/openid-configuration", route -> {}); // never answered, so that the page stays open

        signOut(page);

        assertThat(page.locator("st-task-page")).hasCount(0);
        assertThat(page.getByLabel("Account: demo")).hasCount(0);
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"); // the Back button
        assertThat(page.getByRole(AriaRole.BUTTON, named("Sign in"))).isVisible();
    }

    @Test
    void signInFromTheCommandLine_isCopiedFromTheMenu() {
        Page page = reader();
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.navigate("/tasks/" + ViewerCloud.demo());

        page.getByLabel("Account: demo").click();
        page.getByText("Sign in from the command line").click();

        String command = "steptrail login " + cloud().api().address();
        assertThat(page.locator("st-toast")).containsText(command);
        assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(command);
    }
}
