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

/** Shows what a step changed on the screen: a box moves. */
class DifferenceIT extends BrowserTest {
    private static final int BLOCK = 8;

    private final Picture above = Picture.of(Color.BLACK, new Rectangle(40, 80, 80, 40));
    private final Picture below = Picture.of(Color.BLACK, new Rectangle(120, 480, 80, 40));

    private TaskPage opened() throws Exception {
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a box moves"))
                .doing(Map.of("action", "Back"), above, below.as("after"))
                .doing(Map.of("action", "Back"), below, below.as("after"))
                .ended("succeeded")
                .sent();
        TaskPage task = TaskPage.open(reader(), sent.task()).awaitPicture("before", 1);
        task.button("Difference").click();
        task.page().locator("st-difference canvas").waitFor();
        return task;
    }

    @Test
    void regions_coverExactlyTheChanges() throws Exception {
        Locator difference = opened().page().locator("st-difference");

        assertThat(difference.locator(".summary"))
                .hasText(Pattern.compile(
                        "^\\s*before step 1 → after step 1\\. [34](\\.\\d)?% of the screen changed, in 2 areas\\s*$"));
        Locator regions = difference.locator("rect:not(.halo)");
        assertThat(regions).hasCount(2);
        List<Rectangle> marked = regions.all().stream()
                .map(region -> new Rectangle(
                        number(region, "x"), number(region, "y"), number(region, "width"), number(region, "height")))
                .toList();
        for (Rectangle box : List.of(new Rectangle(40, 80, 80, 40), new Rectangle(120, 480, 80, 40))) {
            Rectangle around = new Rectangle(box);
            around.grow(BLOCK, BLOCK);
            assertThat(marked).anyMatch(region -> region.contains(box) && around.contains(region));
        }
    }

    private static int number(Locator region, String attribute) {
        return Integer.parseInt(region.getAttribute(attribute));
    }

    @Test
    void slider_movesTheBoundaryBetweenTheScreens() throws Exception {
        TaskPage task = opened();
        Locator difference = task.page().locator("st-difference");
        Locator slider = difference.getByLabel("Boundary between the earlier and the later screenshot");

        slider.fill("100");
        assertThat(brightness(difference, 80, 100)).as("the box above").isCloseTo(255, within(6));
        assertThat(brightness(difference, 160, 500)).as("the box below").isCloseTo(0, within(6));
        slider.fill("0");
        assertThat(brightness(difference, 80, 100)).isCloseTo(0, within(6));
        assertThat(brightness(difference, 160, 500)).isCloseTo(255, within(6));
        slider.fill("50");
        assertThat(brightness(difference, 80, 100)).isCloseTo(255, within(6));
        assertThat(brightness(difference, 160, 500)).isCloseTo(255, within(6));
        slider.press("ArrowRight"); // moves the boundary, not the playback
        assertThat(slider).hasValue("51");
        task.awaitStep(1);
    }

    private static int brightness(Locator difference, int x, int y) {
        return ((Number) difference
                        .locator("canvas")
                        .evaluate(
                                "(canvas, [x, y]) => canvas.getContext('2d').getImageData(x, y, 1, 1).data[0]",
                                List.of(x, y)))
                .intValue();
    }

    @Test
    void difference_followsTheStep() throws Exception {
        TaskPage task = opened();

        task.press("ArrowRight");

        Locator difference = task.page().locator("st-difference");
        assertThat(difference.locator(".summary"))
                .hasText("before step 2 → after step 2. The two screenshots look the same.");
        assertThat(difference.locator("rect")).hasCount(0);
    }
}
