package dev.steptrail.phone.adb;

import dev.steptrail.tracker.internal.outbox.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the user's keyboard of a phone while ADB Keyboard is in use, in a file, so that it can be restored after a
 * crash. Only the controller that has opened the phone uses it.
 */
final class KeyboardStore {
    private final @Nullable Path file;
    private @Nullable String remembered;

    /** @param file contains the keyboard's id; its folder must exist. Null to remember it in memory only */
    KeyboardStore(@Nullable Path file) {
        this.file = file;
    }

    void store(String keyboard) throws IOException {
        remembered = keyboard;
        if (file == null) {
            return;
        }
        AtomicFile.replace(file, temporary -> Files.writeString(temporary, keyboard + "\n"));
    }

    /** Returns the keyboard that has to be restored, or null if there is none. */
    @Nullable
    String load() throws IOException {
        if (file == null) {
            return remembered;
        }
        String keyboard;
        try {
            keyboard = Files.readString(file);
        } catch (NoSuchFileException e) {
            return null;
        }
        if (!keyboard.endsWith("\n")) {
            throw new IOException(file + " is not complete; delete it");
        }
        return keyboard.strip();
    }

    void delete() throws IOException {
        remembered = null;
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
