package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderSizeTest {
    @TempDir
    Path folder;

    @Test
    void theFilesOfAllFolders_areCounted() throws Exception {
        Files.write(folder.resolve("one"), new byte[100]);
        Files.write(Files.createDirectory(folder.resolve("below")).resolve("two"), new byte[23]);

        assertThat(FolderSize.measure(folder)).isEqualTo(123);
    }

    @Test
    void anUnreadableFolder_countsAsZero() throws Exception {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"), "skipped: there are no modes here");
        Files.write(folder.resolve("one"), new byte[100]);
        Path closed = Files.createDirectory(folder.resolve("lost+found"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assertThat(FolderSize.measure(folder)).isEqualTo(100);
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aMissingFolder_hasSizeZero() throws Exception {
        assertThat(FolderSize.measure(folder.resolve("gone"))).isZero();
    }
}
