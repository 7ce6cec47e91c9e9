package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.steptrail.endtoend.LoggedInUser;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steptrail login} with a browser, which follows the issuer's redirect to the command. */
class CommandLineLoginIT extends BrowserTest {
    @TempDir
    private Path config;

    @Test
    void link_signsIn() throws Exception {
        String result = login(page -> page.getByText("Sign in as demo").click());

        assertThat(result).startsWith("0\nsigned in to " + cloud().api().address() + " as demo");
    }

    /** Browsers apply the policy for forms to the redirect, too. */
    @Test
    void form_signsIn() throws Exception {
        String result = login(page -> {
            page.getByLabel("Name").fill("王 & co");
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Sign in").setExact(true))
                    .click();
        });

        assertThat(result).startsWith("0\nsigned in to " + cloud().api().address() + " as 王 & co");
    }

    private interface User {
        void chooseName(Page page);
    }

    private String login(User user) throws Exception {
        Map<String, String> environment = LoggedInUser.environment(cloud(), config);
        return LoggedInUser.login(environment, url -> {
            Page page = stranger();
            page.navigate(url);
            user.chooseName(page);
            assertThat(page.getByRole(AriaRole.HEADING)).hasText("Return to the terminal");
        });
    }
}
