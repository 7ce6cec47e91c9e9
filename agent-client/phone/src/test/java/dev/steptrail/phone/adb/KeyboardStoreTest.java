package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyboardStoreTest {
    private static final String GBOARD = "com.google.android.inputmethod.latin/.LatinIME";

    @TempDir
    private Path folder;

    @Test
    void load_storedKeyboard_isReturnedUntilDeleted() throws Exception {
        KeyboardStore store = new KeyboardStore(folder.resolve("X.keyboard"));

        assertThat(store.load()).isNull();
        store.store("old/.Ime");
        store.store(GBOARD);
        assertThat(store.load()).isEqualTo(GBOARD);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
        store.delete();
        assertThat(store.load()).isNull();
    }

    @Test
    void store_failingRename_leavesNoTemporaryFile() throws Exception {
        Path file =
                Files.createDirectories(folder.resolve("X.keyboard/not-empty")).getParent();

        assertThatThrownBy(() -> new KeyboardStore(file).store(GBOARD)).isInstanceOf(IOException.class);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void load_damagedFile_isAnError() throws Exception {
        Path file = Files.writeString(folder.resolve("X.keyboard"), GBOARD);

        assertThatThrownBy(() -> new KeyboardStore(file).load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("delete it");
    }
}
