package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;

/** The language and the theme of the viewer. */
class TextsIT extends BrowserTest {
    private static void choose(Page page, String name) {
        page.locator("st-account-menu button").click();
        page.locator("st-account-menu")
                .getByRole(AriaRole.MENUITEMCHECKBOX, new Locator.GetByRoleOptions().setName(name))
                .click();
    }

    @Test
    void page_usesTheBrowsersLanguage_untilTheUserChoosesAnother() {
        Page page = reader(english().setLocale("zh-CN"));
        page.navigate("/tasks/" + ViewerCloud.demo());
        assertThat(page.locator("#tab-findings")).containsText("发现");
        assertThat(page.locator("html")).hasAttribute("lang", "zh");

        choose(page, "English");

        assertThat(page.locator("#tab-findings")).containsText("Findings");
        assertThat(page.locator("html")).hasAttribute("lang", "en");
        page.reload();
        assertThat(page.locator("#tab-findings")).containsText("Findings");
    }

    @Test
    void page_usesTheSystemsTheme_untilTheUserChoosesAnother() {
        Page page = reader(english().setColorScheme(ColorScheme.DARK));
        page.navigate("/tasks/" + ViewerCloud.demo());
        Locator bar = page.locator("st-task-bar");
        assertThat(bar).hasCSS("background-color", "rgb(25, 27, 30)");

        choose(page, "Light");
        assertThat(bar).hasCSS("background-color", "rgb(255, 255, 255)");
        page.reload();
        assertThat(bar).hasCSS("background-color", "rgb(255, 255, 255)");
        choose(page, "System");
        assertThat(bar).hasCSS("background-color", "rgb(25, 27, 30)");
    }
}
