package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.steptrail.endtoend.LoggedInUser;
import dev.steptrail.stepformat.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steptrail login} with a browser, which follows the issuer's redirect to the command. */
class CommandLineLoginIT extends BrowserTest {
    @TempDir
    private Path config;

    /** Browsers apply the policy for forms to the redirect, too. */
    @Test
    void form_signsIn() throws Exception {
        String result = LoggedInUser.login(LoggedInUser.environment(cloud(), config), url -> {
            Page page = stranger();
            page.navigate(url);
            page.getByLabel("Name").fill("王 & co");
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Sign in").setExact(true))
                    .click();
            assertThat(page.getByRole(AriaRole.HEADING)).hasText("Return to the terminal");
        });

        assertThat(result).startsWith("0\nsigned in to " + cloud().api().address() + " as 王 & co");
    }

    /** The command starts a program with the path of a page, which redirects to the sign-in page. */
    @Test
    void browser_isOpened_ifThereIsADisplay_andItsLinkSignsIn() throws Exception {
        Path opened = config.resolve("opened");
        Path program = Files.createDirectory(config.resolve("bin")).resolve("xdg-open");
        Files.writeString(program, "#!/bin/sh\necho \"$1\" > '" + opened + "'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = LoggedInUser.environment(cloud(), config);
        environment.putAll(Map.of("PATH", program.getParent().toString(), "DISPLAY", ":0", "HOME", config.toString()));

        String result = LoggedInUser.login(environment, url -> {
            Waiting.until(
                    "the browser is started",
                    () -> Files.exists(opened) && Files.readString(opened).endsWith(".html\n"));
            Page page = stranger();
            page.navigate(Path.of(Files.readString(opened).strip()).toUri().toString());
            page.getByText("Sign in as demo").click();
            assertThat(page.getByRole(AriaRole.HEADING)).hasText("Return to the terminal");
        });

        assertThat(result).startsWith("0\nsigned in to " + cloud().api().address() + " as demo");
    }
}
