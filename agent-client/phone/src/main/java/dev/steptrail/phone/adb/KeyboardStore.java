package dev.steptrail.phone.adb;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the user's keyboard of a phone in a file while ADB Keyboard is in use, so that it can be restored after
 * a crash. The file contains the keyboard's id, and the id and start time of the process that switched it.
 */
final class KeyboardStore {
    private final Path file;

    /** @param folder is created when a keyboard is stored */
    KeyboardStore(Path folder, String serial) {
        file = folder.resolve("phone-" + URLEncoder.encode(serial, StandardCharsets.UTF_8));
    }

    void store(String keyboard) throws IOException {
        Files.createDirectories(file.getParent());
        ProcessHandle self = ProcessHandle.current();
        Path temporary = Files.createTempFile(file.getParent(), "phone-", ".tmp");
        try {
            Files.writeString(temporary, keyboard + "\n" + self.pid() + "\n" + startOf(self) + "\n");
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Returns the keyboard that has to be restored, or null if there is none or another running process uses it. */
    @Nullable
    String load() throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (lines.size() < 3) {
            throw new IOException(file + " is not complete; delete it");
        }
        return isOtherProcess(lines.get(1), lines.get(2)) ? null : lines.get(0);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Returns whether a process other than this one runs. The start time recognizes a reused process id. */
    private static boolean isOtherProcess(String pid, String start) throws IOException {
        try {
            long id = Long.parseLong(pid);
            Optional<ProcessHandle> process = ProcessHandle.of(id);
            return id != ProcessHandle.current().pid()
                    && process.isPresent()
                    && Long.toString(startOf(process.get())).equals(start);
        } catch (NumberFormatException e) {
            throw new IOException("'" + pid + "' is not a process id", e);
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
