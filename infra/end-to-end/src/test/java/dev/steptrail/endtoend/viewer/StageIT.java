package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.BoundingBox;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the stage draws, on a screen of 270 by 600 pixels: marks of actions, and what a step changed. */
class StageIT extends BrowserTest {
    private static final Rectangle ABOVE = new Rectangle(40, 80, 80, 40);
    private static final Rectangle BELOW = new Rectangle(120, 480, 80, 40);
    private static final int BLOCK = 8;

    private final Picture above = Picture.of(Color.BLACK, ABOVE);
    private final Picture below = Picture.of(Color.BLACK, BELOW);

    /** Actions contain coordinates in thousandths of the screen. */
    @Test
    void markOfEachKind_isDrawnAtItsPosition_onTheScreenBeforeTheAction() throws Exception {
        SentRun run = SentRun.of(cloud(), Map.of("name", "marks"))
                .doing(Map.of("action", "Tap", "element", List.of(500, 250)), above, below.as("after"))
                .doing(Map.of("action", "Long Press", "element", List.of(100, 900)), above)
                .doing(Map.of("action", "Swipe", "start", List.of(500, 800), "end", List.of(500, 200)), above)
                .doing(Map.of("action", "Type", "text", "<b>hello</b> 你好"), above)
                .doing(Map.of("action", "Double Tap", "element", List.of(1000, 0)), above);
        TaskPage task =
                TaskPage.open(reader(), run.ended("succeeded").sent().task()).awaitPicture("before", 1);
        Locator marks = task.stage().locator("svg.marks");

        assertPlace(marks.locator("circle.mark.tap"), 135, 150);
        task.press("b");
        task.awaitPicture("after", 1);
        assertThat(marks.locator(".mark")).hasCount(0);
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
        task.button("Show the action").click();
        assertThat(task.button("Show the action")).hasAttribute("aria-pressed", "false");
        assertThat(marks.locator(".mark")).hasCount(0);
    }

    /** Asserts the position in the attributes and relative to the displayed picture. */
    private static void assertPlace(Locator circle, double x, double y) {
        assertThat(Double.parseDouble(circle.getAttribute("cx"))).isEqualTo(x, within(0.01));
        assertThat(Double.parseDouble(circle.getAttribute("cy"))).isEqualTo(y, within(0.01));
        BoundingBox ring = circle.boundingBox();
        BoundingBox picture = circle.page().locator("st-stage canvas").boundingBox();
        assertThat((ring.x + ring.width / 2 - picture.x) / picture.width).isEqualTo(x / 270, within(0.01));
        assertThat((ring.y + ring.height / 2 - picture.y) / picture.height).isEqualTo(y / 600, within(0.01));
    }

    @Test
    void difference_marksTheChanges_andItsSliderMovesTheBoundaryBetweenTheScreens() throws Exception {
        SentRun run = SentRun.of(cloud(), Map.of("name", "a box moves"))
                .doing(Map.of("action", "Back"), above, below.as("after"))
                .doing(Map.of("action", "Back"), below, below.as("after"));
        TaskPage task =
                TaskPage.open(reader(), run.ended("succeeded").sent().task()).awaitPicture("before", 1);
        task.button("Difference").click();
        Locator difference = task.page().locator("st-difference");

        assertThat(difference.locator(".summary"))
                .hasText(Pattern.compile(
                        "^\\s*before step 1 → after step 1\\. [34](\\.\\d)?% of the screen changed, in 2 areas\\s*$"));
        Locator regions = difference.locator("rect:not(.halo)");
        assertThat(regions).hasCount(2);
        List<Rectangle> marked = regions.all().stream().map(StageIT::rectangle).toList();
        for (Rectangle box : List.of(ABOVE, BELOW)) {
            Rectangle around = new Rectangle(box);
            around.grow(BLOCK, BLOCK);
            assertThat(marked).anyMatch(region -> region.contains(box) && around.contains(region));
        }
        Locator slider = difference.getByLabel("Boundary between the earlier and the later screenshot");
        for (int[] boundary : new int[][] {{100, 255, 0}, {0, 0, 255}, {50, 255, 255}}) {
            slider.fill("" + boundary[0]);
            assertThat(brightness(difference, ABOVE)).as("the box above").isCloseTo(boundary[1], within(6));
            assertThat(brightness(difference, BELOW)).as("the box below").isCloseTo(boundary[2], within(6));
        }
        slider.press("ArrowRight"); // moves the boundary, not the playback
        assertThat(slider).hasValue("51");
        task.awaitStep(1);
        task.page().locator("h1").click();
        task.press("ArrowRight");
        assertThat(difference.locator(".summary"))
                .hasText("before step 2 → after step 2. The two screenshots look the same.");
        assertThat(difference.locator("rect")).hasCount(0);
    }

    private static Rectangle rectangle(Locator region) {
        int[] sides = List.of("x", "y", "width", "height").stream()
                .mapToInt(side -> Integer.parseInt(region.getAttribute(side)))
                .toArray();
        return new Rectangle(sides[0], sides[1], sides[2], sides[3]);
    }

    /** Returns the brightness in the middle of a box. */
    private static int brightness(Locator difference, Rectangle box) {
        String read = "(canvas, [x, y]) => canvas.getContext('2d').getImageData(x, y, 1, 1).data[0]";
        return ((Number) difference.locator("canvas").evaluate(read, List.of((int) box.getCenterX(), (int)
                        box.getCenterY())))
                .intValue();
    }

    @Test
    void displayedPicture_isTheStoredOne() {
        TaskPage task = TaskPage.open(reader(), ViewerCloud.sample("flower-photo-loop"), "#step=22")
                .awaitPicture("before", 22);

        Object drawn = task.canvas()
                .evaluate(
                        "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
                                + ".filter((value, index, all) => index % 4 === 0 && value !== all[0]).length");
        assertThat(((Number) drawn).intValue()).as("differing pixels").isGreaterThan(1000);
        assertThat(task.thumbnail(22).locator("canvas")).isVisible();
        assertThat(task.canvas()).hasAttribute("aria-label", "Before step 22: Open 相机");
    }
}
