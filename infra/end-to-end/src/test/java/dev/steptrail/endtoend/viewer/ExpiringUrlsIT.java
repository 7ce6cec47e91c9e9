package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Page;
import dev.steptrail.endtoend.Api;
import dev.steptrail.endtoend.CloudProcess;
import dev.steptrail.endtoend.Imports;
import dev.steptrail.endtoend.Waiting;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A page that stays open after its presigned URLs have expired, which takes a few seconds in this cloud. */
class ExpiringUrlsIT extends BrowserTest {
    private final List<String> pictures = new CopyOnWriteArrayList<>();

    @Override
    CloudProcess cloud() {
        return CloudProcess.shared();
    }

    @Test
    void pictures_areShownLongAfterTheFirstUrlsHaveExpired() throws Exception {
        Page page = reader();
        page.onRequest(request -> {
            if (request.url().contains("X-Amz-Signature")) {
                pictures.add(request.url());
            }
        });
        TaskPage task = TaskPage.open(page, Imports.samples().taskOf("flower-photo-loop.json"), "#step=1")
                .awaitPicture("before", 1);
        String first = pictures.get(0);

        Waiting.until("the first address has expired", () -> Api.open(first).status() == 403);
        task.button("Last step").click();

        task.awaitPicture("before", 28);
    }
}
