package dev.steptrail.endtoend.viewer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.SelectOption;
import java.awt.Color;
import java.awt.Rectangle;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Shows the difference between two screens: a box that moves. */
class DifferenceIT extends BrowserTest {
    private static final int BLOCK = 8;

    private final Picture above = Picture.of(Color.BLACK, new Rectangle(40, 80, 80, 40));
    private final Picture below = Picture.of(Color.BLACK, new Rectangle(120, 480, 80, 40));

    private Locator opened() throws Exception {
        SentRun sent = SentRun.of(cloud(), Map.of("name", "a box moves"))
                .doing(Map.of("action", "Back"), above, below.as("after"))
                .doing(Map.of("action", "Back"), below, below.as("after"))
                .ended("succeeded")
                .sent();
        RunPage run = RunPage.open(reader(), sent.task()).awaitPicture("before", 1);
        Locator fold = run.fold("What changed");
        fold.locator("summary").click();
        return fold;
    }

    @Test
    void regions_coverExactlyTheChanges() throws Exception {
        Locator fold = opened();

        assertThat(fold.locator("[role=status]")).containsText("4 % of the screen differs, in 2 places.");
        assertThat(fold.locator("rect.mark")).hasCount(2);
        List<Rectangle> marked = fold.locator("rect.mark").all().stream()
                .map(mark -> new Rectangle(
                        number(mark, "x"), number(mark, "y"), number(mark, "width"), number(mark, "height")))
                .toList();
        for (Rectangle box : List.of(new Rectangle(40, 80, 80, 40), new Rectangle(120, 480, 80, 40))) {
            Rectangle around = new Rectangle(box);
            around.grow(BLOCK, BLOCK);
            assertThat(marked).anyMatch(region -> region.contains(box) && around.contains(region));
        }
        fold.getByLabel("Mark what differs").uncheck();
        assertThat(fold.locator("rect.mark")).hasCount(0);
    }

    private static int number(Locator mark, String attribute) {
        return Integer.parseInt(mark.getAttribute(attribute));
    }

    @Test
    void slider_wipesBetweenTheScreens() throws Exception {
        Locator fold = opened();
        Locator slider = fold.getByLabel("Wipe between the two");

        slider.fill("100");
        assertThat(brightness(fold, 80, 100)).as("the box above").isCloseTo(255, within(6));
        assertThat(brightness(fold, 160, 500)).as("the box below").isCloseTo(0, within(6));
        slider.fill("0");
        assertThat(brightness(fold, 80, 100)).isCloseTo(0, within(6));
        assertThat(brightness(fold, 160, 500)).isCloseTo(255, within(6));
        slider.fill("50");
        assertThat(brightness(fold, 80, 100)).isCloseTo(255, within(6));
        assertThat(brightness(fold, 160, 500)).isCloseTo(255, within(6));
        slider.press("ArrowRight");
        assertThat(slider).hasValue("51");
    }

    private static int brightness(Locator fold, int x, int y) {
        return ((Number) fold.locator("canvas")
                        .evaluate(
                                "(canvas, [x, y]) => canvas.getContext('2d').getImageData(x, y, 1, 1).data[0]",
                                List.of(x, y)))
                .intValue();
    }

    @Test
    void anyTwoScreens_canBeCompared() throws Exception {
        Locator fold = opened();

        fold.getByLabel("From", new Locator.GetByLabelOptions().setExact(false))
                .first()
                .selectOption(new SelectOption().setLabel("Screen after step 1"));
        fold.getByLabel("To").last().selectOption(new SelectOption().setLabel("Screen before step 2"));

        assertThat(fold.locator("[role=status]")).hasText("At this size the two screens are the same.");
        assertThat(fold.locator("rect.mark")).hasCount(0);
    }
}
