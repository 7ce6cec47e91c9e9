package dev.steptrail.bench.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process takes of the machine's memory. */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String FIELD = "VmRSS:";

    private ResidentMemory() {}

    /** Of this process, in KiB. */
    static long kibibytes() throws IOException {
        if (!Files.exists(STATUS)) {
            return ofPs();
        }
        String line = Files.readAllLines(STATUS).stream()
                .filter(field -> field.startsWith(FIELD))
                .findFirst()
                .orElseThrow(() -> new IOException(STATUS + " has no " + FIELD));
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** Where there is no /proc, as on macOS. */
    private static long ofPs() throws IOException {
        Process ps = new ProcessBuilder(
                        "ps",
                        "-o",
                        "rss=",
                        "-p",
                        String.valueOf(ProcessHandle.current().pid()))
                .start();
        return Long.parseLong(new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
