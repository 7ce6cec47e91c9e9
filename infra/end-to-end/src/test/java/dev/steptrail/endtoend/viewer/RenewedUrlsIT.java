package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Renewal of presigned URLs, which are valid for five minutes in this cloud. */
class RenewedUrlsIT extends BrowserTest {
    private final List<String> lists = new ArrayList<>();

    private TaskPage open(Page page) {
        page.onRequest(request -> {
            if (request.url().contains("/screenshots?")) {
                lists.add(request.url());
            }
        });
        TaskPage task = TaskPage.open(page, ViewerCloud.sample("flower-photo-loop"), "#step=10")
                .awaitPicture("before", 10);
        task.filmStrip().locator("canvas").first().waitFor();
        return task;
    }

    @Test
    void urls_areRequestedOnce_andAgainJustBeforeTheyExpire() {
        Page page = reader();
        TaskPage task = open(page);
        long opened = System.currentTimeMillis();

        // This sets Date only: timers that fast-forwarding would fire could end pictures that are loading.
        page.clock().setSystemTime(opened + Duration.ofMinutes(4).toMillis());
        task.button("Last step").click();
        task.awaitPicture("before", 28);
        assertThat(lists).hasSize(1);
        page.clock().setSystemTime(opened + Duration.ofMinutes(5).toMillis());
        task.button("First step").click();
        task.awaitPicture("before", 1);
        assertThat(lists).hasSize(2);
    }

    @Test
    void urlsThatExpireEarly_areRequestedAgain() {
        faults.expect("403");
        TaskPage task = open(reader());

        task.page().route(Pattern.compile("X-Amz-Signature"), route -> {
            if (lists.size() > 1) {
                route.resume();
            } else {
                route.fulfill(new Route.FulfillOptions().setStatus(403));
            }
        });
        task.button("Last step").click();
        task.awaitPicture("before", 28);

        assertThat(lists.size()).isGreaterThan(1);
    }
}
