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
 * What a page costs: by how much all processes of the browser together have grown since it was blank, for others than the one that
 * renders keep what was fetched and what is drawn. Shared memory counts by its share (Pss).
 */
final class PageMemory {
    /** Without what is mapped from files: of the program each process has the more, the fewer others run it. */
    private static final Pattern PSS = Pattern.compile("(?m)^Pss_(?:Anon|Shmem): +(\\d+) kB$");

    private final Page page;
    private final CDPSession browser;
    private final long before;
    private long most;

    private PageMemory(Page page, CDPSession browser) throws IOException {
        this.page = page;
        this.browser = browser;
        this.before = sum();
    }

    static boolean canBeTold() {
        return Files.isReadable(Path.of("/proc/self/smaps_rollup"));
    }

    static PageMemory ofBlank(Page page) throws IOException {
        return new PageMemory(page, page.context().browser().newBrowserCDPSession());
    }

    /** Measures after a garbage collection: on a loaded machine the browser collects its garbage later. */
    void look() throws IOException {
        page.requestGC();
        most = Math.max(most, sum() - before);
    }

    /** In bytes. */
    long most() {
        return most;
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
            throw new IOException("process " + pid + " does not tell its memory");
        }
        return (parts.get(0) + parts.get(1)) * 1024;
    }
}
