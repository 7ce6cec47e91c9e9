package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.SelectOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The viewer's texts in English and Chinese. */
class TextsIT extends BrowserTest {
    private static final String KEYS = """
            async () => {
              const script = document.querySelector('script[type=module]').src;
              const keysOf = (texts, path) => Object.entries(texts).flatMap(([key, value]) => typeof value === 'object'
                ? keysOf(value, `${path}${key}.`) : [`${path}${key}${typeof value === 'function' ? `(${value.length})` : ''}`]);
              const all = await Promise.all(['en', 'zh'].map((language) => import(new URL(`texts/${language}.js`, script))));
              return all.map((module) => keysOf(module.default, '').sort());
            }""";

    @Test
    @SuppressWarnings("unchecked")
    void bothLanguages_haveTheSameKeys() {
        Page page = stranger();
        page.navigate("/");

        List<List<String>> keys = (List<List<String>>) page.evaluate(KEYS);

        assertThat(keys.get(0)).hasSizeGreaterThan(100);
        assertThat(keys.get(1)).isEqualTo(keys.get(0));
    }

    @Test
    void page_usesTheBrowsersLanguage_untilTheUserSelectsAnother() {
        Page page = reader(english().setLocale("zh-CN"));
        page.navigate("/");
        page.locator("h1").getByText("任务").waitFor();
        assertThat(page.locator("html").getAttribute("lang")).isEqualTo("zh");

        page.getByLabel("语言").selectOption(new SelectOption().setLabel("English"));

        page.locator("h1").getByText("Tasks").waitFor();
        page.reload();
        page.locator("h1").getByText("Tasks").waitFor();
    }
}
