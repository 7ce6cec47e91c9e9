package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of a task in one window: nothing scrolls, and every control of the playback is visible. */
class WindowIT extends BrowserTest {
    private record Size(int width, int height) {}

    private static final List<Size> SIZES = List.of(new Size(1366, 768), new Size(1920, 1080), new Size(2560, 1440));

    /** Whether the topmost element at the middle of an element is this element or inside it. */
    private static final String IS_ON_TOP = """
            (element) => {
              const { left, top, width, height } = element.getBoundingClientRect();
              let found = document.elementFromPoint(left + width / 2, top + height / 2);
              while (found?.shadowRoot && found !== element) {
                const inner = found.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
                if (inner === null || inner === found) break;
                found = inner;
              }
              return found !== null && (found === element || element.contains(found));
            }""";

    private void checkAllSizes(String address, TaskPage task) {
        Page page = task.page();
        for (Size size : SIZES) {
            page.setViewportSize(size.width(), size.height());
            page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
            String where = address + " " + size;
            assertThat(page.evaluate("[document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]"))
                    .as(where)
                    .isEqualTo(List.of(size.width(), size.height()));
            page.mouse().move(size.width() / 2.0, size.height() / 2.0);
            page.mouse().wheel(0, 500);
            assertThat(page.evaluate("document.scrollingElement.scrollTop"))
                    .as(where)
                    .isEqualTo(0);
            List<Locator> controls = task.controls().locator("button, select").all();
            assertThat(controls).as(where).hasSizeGreaterThan(10);
            for (Locator control : controls) {
                assertIsVisible(control, size, where);
            }
            assertIsVisible(task.page().locator("st-stage .screen"), size, where);
            BoundingBox screen = page.locator("st-stage .screen").boundingBox();
            assertThat(screen.height).as(where).isGreaterThan(0.5 * size.height());
        }
    }

    private static void assertIsVisible(Locator element, Size size, String where) {
        BoundingBox box = element.boundingBox();
        String name = where + " " + element.getAttribute("aria-label");
        assertThat(box.x).as(name).isGreaterThanOrEqualTo(0);
        assertThat(box.y).as(name).isGreaterThanOrEqualTo(0);
        assertThat(box.x + box.width).as(name).isLessThanOrEqualTo(size.width());
        assertThat(box.y + box.height).as(name).isLessThanOrEqualTo(size.height());
        assertThat(element.evaluate(IS_ON_TOP)).as(name).isEqualTo(true);
    }

    @Test
    void task_fitsTheWindow_inBothLanguages() {
        for (String locale : List.of("en-GB", "zh-CN")) {
            Page page = reader(english().setLocale(locale));
            TaskPage task = TaskPage.open(page, ViewerCloud.demo(), "#step=4").awaitPicture("before", 4);
            checkAllSizes(locale, task);
        }
    }

    @Test
    void taskWithLongTexts_fitsTheWindow_withEachTab() {
        Page page = reader();
        TaskPage task = TaskPage.open(page, ViewerCloud.sample("flower-photo-loop"), "#step=20")
                .awaitPicture("before", 20);
        for (String tab : List.of("task", "step", "model", "findings", "notes", "json")) {
            task.tab(tab).waitFor();
            checkAllSizes(tab, task);
        }
    }

    @Test
    void sharedTask_fitsTheWindow() {
        TaskPage owner = TaskPage.open(reader(), ViewerCloud.demo()).awaitPicture("before", 1);
        Locator dialog = owner.share();
        dialog.locator("button.primary").click();
        dialog.locator(".link input").waitFor();
        Page guest = stranger();
        guest.navigate(dialog.locator(".link input").inputValue() + "&step=4");

        checkAllSizes("shared", new TaskPage(guest).awaitPicture("before", 4));
    }

    /** For example a phone on its side, or a window that is zoomed to 200 %. */
    @Test
    void shortWindow_scrolls_andShowsTheScreen() {
        Page page = reader();
        TaskPage.open(page, ViewerCloud.demo()).awaitPicture("before", 1);
        for (Size size : List.of(new Size(844, 390), new Size(683, 384))) {
            page.setViewportSize(size.width(), size.height());
            page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");

            assertThat(page.locator("st-stage .screen").boundingBox().height)
                    .as(size.toString())
                    .isGreaterThan(140);
            assertThat((int) page.evaluate("document.scrollingElement.scrollWidth"))
                    .as(size.toString())
                    .isEqualTo(size.width());
        }
    }
}
