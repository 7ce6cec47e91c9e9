package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Marks of actions on a screen of 270 by 600 pixels. Actions contain coordinates in thousandths of the screen. */
class MarksIT extends BrowserTest {
    private final Picture screen = Picture.of(Color.DARK_GRAY, new Rectangle(20, 20, 50, 50));

    private TaskPage open(Map<String, ?>... actions) throws InterruptedException {
        SentRun sent = SentRun.of(cloud(), Map.of("name", "marks"));
        for (Map<String, ?> action : actions) {
            sent.doing(action, screen, screen.as("after"));
        }
        return TaskPage.open(reader(), sent.ended("succeeded").sent().task()).awaitPicture("before", 1);
    }

    @Test
    @SuppressWarnings("unchecked")
    void eachKind_isDrawnAtItsPosition() throws Exception {
        TaskPage task = open(
                Map.of("action", "Tap", "element", List.of(500, 250)),
                Map.of("action", "Long Press", "element", List.of(100, 900)),
                Map.of("action", "Swipe", "start", List.of(500, 800), "end", List.of(500, 200)),
                Map.of("action", "Type", "text", "<b>hello</b> 你好"),
                Map.of("action", "Double Tap", "element", List.of(1000, 0)));
        Locator marks = task.stage().locator("svg.marks");
        assertThat(marks).hasAttribute("viewBox", "0 0 270 600");

        assertPlace(marks.locator("circle.mark.tap"), 135, 150);
        task.press("ArrowRight");
        task.awaitPicture("before", 2);
        assertPlace(marks.locator("circle.mark.press"), 27, 540);
        task.press("ArrowRight");
        task.awaitPicture("before", 3);
        assertThat(marks.locator("path.mark")).hasAttribute("d", Pattern.compile("^M135 480 L135 120 "));
        task.press("ArrowRight");
        task.awaitPicture("before", 4);
        assertThat(task.stage().locator(".typed")).hasText("<b>hello</b> 你好");
        task.press("ArrowRight");
        task.awaitPicture("before", 5);
        assertThat(marks.locator("circle.mark.tap")).hasCount(2);
        assertPlace(marks.locator("circle.mark.tap").first(), 270, 0);
    }

    /** Asserts the position in the attributes and relative to the displayed picture. */
    private static void assertPlace(Locator circle, double x, double y) {
        assertThat(Double.parseDouble(circle.getAttribute("cx"))).isEqualTo(x, within(0.01));
        assertThat(Double.parseDouble(circle.getAttribute("cy"))).isEqualTo(y, within(0.01));
        var ring = circle.boundingBox();
        var picture = circle.page().locator("st-stage canvas").boundingBox();
        assertThat((ring.x + ring.width / 2 - picture.x) / picture.width).isEqualTo(x / 270, within(0.01));
        assertThat((ring.y + ring.height / 2 - picture.y) / picture.height).isEqualTo(y / 600, within(0.01));
    }

    @Test
    @SuppressWarnings("unchecked")
    void marks_areNotDrawnOnAfterScreens_norWhenTurnedOff() throws Exception {
        TaskPage task = open(Map.of("action", "Tap", "element", List.of(500, 250)));
        Locator ring = task.stage().locator("circle.mark");

        task.press("b");
        task.awaitPicture("after", 1);
        assertThat(ring).hasCount(0);
        task.button("Before").click();
        task.awaitPicture("before", 1);
        assertThat(ring).hasCount(1);
        task.button("Show the action").click();
        assertThat(task.button("Show the action")).hasAttribute("aria-pressed", "false");
        assertThat(ring).hasCount(0);
    }

    @Test
    @SuppressWarnings("unchecked")
    void invalidActions_haveNoMarks() throws Exception {
        TaskPage task = open(
                Map.of("action", "Tap", "element", List.of(500)),
                Map.of("action", "Tap", "element", List.of("1", "2")),
                Map.of("action", "Tap", "element", Map.of("x", 1)),
                Map.of("action", "Swipe", "start", List.of(5000, 1), "end", List.of(1, 1)),
                Map.of("action", 7),
                Map.of("action", "constructor", "element", List.of(1, 1)),
                Map.of("action", "Type", "text", List.of("a")),
                Map.of());

        for (int number = 1; number <= 8; number++) {
            task.awaitPicture("before", number);
            assertThat(task.stage().locator(".marks > *, .typed")).hasCount(0);
            task.press("ArrowRight");
        }
    }
}
