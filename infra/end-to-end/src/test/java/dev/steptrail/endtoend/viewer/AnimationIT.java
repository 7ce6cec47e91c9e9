package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.sksamuel.scrimage.ImmutableImage;
import com.sksamuel.scrimage.nio.PngWriter;
import com.sksamuel.scrimage.webp.Img2WebpHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the README's animation of the viewer: the list of tasks, then the playback of the demo's task.
 * {@code -Dsteptrail.animation} names the WebP file to write.
 */
@EnabledIfSystemProperty(named = "steptrail.animation", matches = ".+")
class AnimationIT extends BrowserTest {
    private static final int WIDTH = 1000;
    private static final int MAX_BYTES = 1_500_000;
    private static final int FOREVER = 0;
    private static final int EFFORT = 80;
    private static final int METHOD = 6;
    private static final int STEPS = 13;
    private static final int MOVES = 5;
    private static final int MOVE_MILLIS = 60;

    /** A mouse pointer, because a page's screenshot contains none. */
    private static final String ADD_POINTER = """
            () => {
              const pointer = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
              const arrow = document.createElementNS('http://www.w3.org/2000/svg', 'path');
              arrow.setAttribute('d', 'M1 1v17l4-4 3 7 3-1-3-7h6z');
              arrow.setAttribute('fill', 'black');
              arrow.setAttribute('stroke', 'white');
              pointer.append(arrow);
              pointer.setAttribute('width', 24);
              pointer.setAttribute('height', 26);
              Object.assign(pointer.style, { position: 'fixed', pointerEvents: 'none', zIndex: 1000 });
              document.body.append(pointer);
              window.movePointer = (x, y) => Object.assign(pointer.style, { left: `${x}px`, top: `${y}px` });
            }
            """;

    @TempDir
    Path folder;

    private final List<Path> frames = new ArrayList<>();
    private final List<Integer> durations = new ArrayList<>();
    private double x = 900;
    private double y = 700;

    @Test
    void demoTask_isOpenedAndPlayed() throws Exception {
        Page page = reader(english().setColorScheme(ColorScheme.LIGHT).setViewportSize(1366, 768));
        TaskListPage.open(page, "");
        Locator demo = page.locator("a[href*='" + ViewerCloud.demo() + "']").first();
        demo.waitFor();
        page.evaluate(ADD_POINTER);
        showPointer(page);
        take(page, 1200);
        moveTo(page, demo);
        take(page, 400);
        demo.click();

        TaskPage task = new TaskPage(page).awaitPicture("before", 1);
        page.evaluate(ADD_POINTER);
        showPointer(page);
        take(page, 900);
        moveTo(page, task.button("Play"));
        task.button("Play").click();
        for (int step = 1; step <= STEPS; step++) {
            task.awaitPicture("before", step);
            take(page, step == STEPS ? 1600 : 500);
        }

        Path file = Path.of(System.getProperty("steptrail.animation")).toAbsolutePath();
        Files.createDirectories(file.getParent());
        int[] millis = durations.stream().mapToInt(Integer::intValue).toArray();
        new Img2WebpHandler().convert(frames, millis, file, FOREVER, EFFORT, METHOD, true); // lossless
        assertThat(Files.size(file)).isLessThan(MAX_BYTES);
    }

    private void moveTo(Page page, Locator target) throws Exception {
        BoundingBox box = target.boundingBox();
        double toX = box.x + Math.min(box.width / 2, 60);
        double toY = box.y + box.height / 2;
        double fromX = x;
        double fromY = y;
        for (int move = 1; move <= MOVES; move++) {
            x = fromX + (toX - fromX) * move / MOVES;
            y = fromY + (toY - fromY) * move / MOVES;
            showPointer(page);
            take(page, MOVE_MILLIS);
        }
    }

    private void showPointer(Page page) {
        page.evaluate("([x, y]) => movePointer(x, y)", List.of(x, y));
        page.mouse().move(x, y);
    }

    private void take(Page page, int millis) throws Exception {
        Path frame = folder.resolve(frames.size() + ".png");
        ImmutableImage.loader().fromBytes(page.screenshot()).scaleToWidth(WIDTH).output(PngWriter.NoCompression, frame);
        frames.add(frame);
        durations.add(millis);
    }
}
