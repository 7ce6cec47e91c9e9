package dev.steptrail.endtoend.viewer;

import com.google.gson.JsonElement;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Measures the memory of a page: the growth of all browser processes since the page was blank. Processes other than the
 * renderer count too, because they hold fetched and drawn data. Shared memory counts proportionally (Pss).
 */
final class PageMemory {
    /** Excludes mapped files: a process's share of the program file grows when fewer other processes run it. */
    private static final Pattern PSS = Pattern.compile("(?m)^Pss_(?:Anon|Shmem): +(\\d+) kB$");

    private final Page page;
    private final CDPSession browser;
    private final long before;
    private long maxGrowth;

    private PageMemory(Page page, CDPSession browser) throws IOException {
        this.page = page;
        this.browser = browser;
        this.before = sum();
    }

    static boolean isMeasurable() {
        return Files.isReadable(Path.of("/proc/self/smaps_rollup"));
    }

    static PageMemory ofBlank(Page page) throws IOException {
        return new PageMemory(page, page.context().browser().newBrowserCDPSession());
    }

    /** Measures after a forced garbage collection, since a browser on a loaded machine delays its own. */
    void measure() throws IOException {
        page.requestGC();
        maxGrowth = Math.max(maxGrowth, sum() - before);
    }

    /** Returns the highest measured growth in bytes. */
    long maxGrowth() {
        return maxGrowth;
    }

    private long sum() throws IOException {
        long sum = 0;
        for (JsonElement element : browser.send("SystemInfo.getProcessInfo").getAsJsonArray("processInfo")) {
            sum += pss(element.getAsJsonObject().get("id").getAsLong());
        }
        return sum;
    }

    private static long pss(long pid) throws IOException {
        List<Long> parts = PSS.matcher(Files.readString(Path.of("/proc/" + pid + "/smaps_rollup")))
                .results()
                .map(part -> Long.valueOf(part.group(1)))
                .toList();
        if (parts.size() != 2) {
            throw new IOException("process " + pid + " has no readable memory statistics");
        }
        return (parts.get(0) + parts.get(1)) * 1024;
    }
}
