package dev.steptrail.endtoend.viewer;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import java.util.HashSet;
import java.util.Set;

/** Counts a page's concurrent requests for pictures. */
final class RequestConcurrency {
    private final Set<Request> pending = new HashSet<>();
    private int max;

    static RequestConcurrency on(Page page) {
        RequestConcurrency requests = new RequestConcurrency();
        page.onRequest(request -> {
            if (request.url().contains("X-Amz-Signature")) {
                requests.pending.add(request);
                requests.max = Math.max(requests.max, requests.pending.size());
            }
        });
        page.onRequestFinished(requests.pending::remove);
        page.onRequestFailed(requests.pending::remove);
        return requests;
    }

    int max() {
        return max;
    }
}
