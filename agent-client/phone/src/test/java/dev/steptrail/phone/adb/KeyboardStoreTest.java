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
        KeyboardStore store = new KeyboardStore(folder.resolve("new"), "../192.168.1.20:5555");

        assertThat(store.load()).isNull();
        store.store("old/.Ime");
        store.store(GBOARD);
        assertThat(store.load()).isEqualTo(GBOARD);
        try (var files = Files.list(folder.resolve("new"))) {
            assertThat(files).hasSize(1);
        }
        store.delete();
        assertThat(store.load()).isNull();
    }

    @Test
    void load_processThatRuns_isLeftAlone() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            write(
                    "X",
                    GBOARD,
                    other.pid(),
                    other.info().startInstant().orElseThrow().toEpochMilli());
            assertThat(new KeyboardStore(folder, "X").load()).isNull();
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertThat(new KeyboardStore(folder, "X").load()).isEqualTo(GBOARD);
    }

    @Test
    void load_reusedProcessId_isReturned() throws Exception {
        write("X", GBOARD, ProcessHandle.current().parent().orElseThrow().pid(), 1);

        assertThat(new KeyboardStore(folder, "X").load()).isEqualTo(GBOARD);
    }

    @Test
    void load_damagedFile_isAnError() throws Exception {
        Files.writeString(folder.resolve("phone-X"), GBOARD);

        assertThatThrownBy(() -> new KeyboardStore(folder, "X").load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("delete it");
    }

    private void write(String serial, String keyboard, long pid, long start) throws IOException {
        Files.writeString(folder.resolve("phone-" + serial), keyboard + "\n" + pid + "\n" + start + "\n");
    }
}
