package dev.steptrail.endtoend.viewer;

import com.google.gson.JsonElement;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page costs: by how much all processes of the browser together have grown since it was blank, for others than the one that
 * renders keep what was fetched and what is drawn. Shared memory counts by its share (Pss).
 */
final class PageMemory {
    private static final Pattern PSS = Pattern.compile("(?m)^Pss: +(\\d+) kB$");

    private final CDPSession browser;
    private final long before;
    private long most;

    private PageMemory(CDPSession browser) throws IOException {
        this.browser = browser;
        this.before = sum();
    }

    static boolean canBeTold() {
        return Files.isReadable(Path.of("/proc/self/smaps_rollup"));
    }

    static PageMemory ofBlank(Page page) throws IOException {
        return new PageMemory(page.context().browser().newBrowserCDPSession());
    }

    void look() throws IOException {
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
        Matcher pss = PSS.matcher(Files.readString(Path.of("/proc/" + pid + "/smaps_rollup")));
        if (!pss.find()) {
            throw new IOException("process " + pid + " does not tell its memory");
        }
        return Long.parseLong(pss.group(1)) * 1024;
    }
}
