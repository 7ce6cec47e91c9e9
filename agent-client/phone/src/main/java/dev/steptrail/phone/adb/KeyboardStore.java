package dev.steptrail.phone.adb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the user's keyboard of a phone in a file while ADB Keyboard is in use, so that it can be restored after
 * a crash. Only the holder of the phone's {@link PhoneLock} uses it.
 */
final class KeyboardStore {
    private final Path file;

    /** @param file contains the keyboard's id; its folder must exist */
    KeyboardStore(Path file) {
        this.file = file;
    }

    void store(String keyboard) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, keyboard + "\n");
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns the keyboard that has to be restored, or null if there is none. */
    @Nullable
    String load() throws IOException {
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
        Files.deleteIfExists(file);
    }
}
