package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import java.util.HashSet;
import java.util.Set;

/** Counts a page's concurrent requests for pictures. */
final class UnderWay {
    private final Set<Request> now = new HashSet<>();
    private int most;

    static UnderWay on(Page page) {
        UnderWay underWay = new UnderWay();
        page.onRequest(request -> {
            if (request.url().contains("X-Amz-Signature")) {
                underWay.now.add(request);
                underWay.most = Math.max(underWay.most, underWay.now.size());
            }
        });
        page.onRequestFinished(underWay.now::remove);
        page.onRequestFailed(underWay.now::remove);
        return underWay;
    }

    int most() {
        return most;
    }
}
