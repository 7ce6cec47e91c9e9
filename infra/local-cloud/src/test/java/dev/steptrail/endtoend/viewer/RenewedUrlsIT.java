package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Addresses of pictures, which here work for a quarter of an hour. */
class RenewedUrlsIT extends BrowserTest {
    private final List<String> lists = new CopyOnWriteArrayList<>();

    @Test
    void addresses_areAskedForOnce_andAgainJustBeforeTheyExpire() {
        Page page = reader();
        page.clock().install();
        page.onRequest(request -> {
            if (request.url().endsWith("/screenshots")) {
                lists.add(request.url());
            }
        });
        RunPage run = RunPage.open(page, ViewerCloud.sample("flower-photo-loop"), "#step=10")
                .awaitPicture("before", 10);
        page.locator(".strip img").first().waitFor();
        assertThat(lists).hasSize(1);

        page.clock().fastForward("14:00");
        run.press("End");
        run.awaitPicture("before", 28);
        assertThat(lists).hasSize(1);
        page.clock().fastForward("00:45");
        run.press("Home");
        run.awaitPicture("before", 1);
        assertThat(lists).hasSize(2);
    }
}
