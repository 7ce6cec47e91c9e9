package dev.steptrail.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the memory of a process. */
public final class ProcessMemory {
    private ProcessMemory() {}

    /**
     * Returns the memory of a process in MiB. Elsewhere than on Linux, this is the resident memory.
     *
     * @param field a field of {@code smaps_rollup}: {@code Rss}, or {@code Pss}, which counts memory that n processes
     *     share by its n-th part
     */
    public static double mebibytes(long process, String field) throws IOException {
        Path rollup = Path.of("/proc", String.valueOf(process), "smaps_rollup");
        if (Files.exists(rollup)) {
            String line = Files.readAllLines(rollup).stream()
                    .filter(candidate -> candidate.startsWith(field + ":"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(rollup + " does not contain " + field));
            return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
        Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", String.valueOf(process)).start();
        String output = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return output.isEmpty() ? 0 : Long.parseLong(output) / 1024.0; // empty: the process has exited since
    }
}
