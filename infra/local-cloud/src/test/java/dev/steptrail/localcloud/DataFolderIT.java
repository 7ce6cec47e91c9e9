package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderIT {
    @TempDir
    private Path temporary;

    @Test
    void subfolder_isAccessibleOnlyToItsOwner_evenIfItExistedBefore() throws Exception {
        DataFolder folder = new DataFolder(temporary);
        Path open = Files.createDirectory(temporary.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(permissions(folder.folder("open"))).isEqualTo("rwx------");
        assertThat(permissions(folder.folder("new"))).isEqualTo("rwx------");
    }

    @Test
    void existingFolder_keepsItsPermissions() throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));

        try (DataFolder folder = new DataFolder(temporary)) {
            folder.lock();
        }

        assertThat(permissions(temporary)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void databaseFolders_areAccessibleOnlyToTheirOwner() throws Exception {
        Path postgres = TestCloud.shared().settings.folder().file(LocalSettings.DATABASE_FOLDER);

        assertThat(permissions(postgres)).isEqualTo("rwx------");
        assertThat(permissions(postgres.resolve("data"))).isEqualTo("rwx------");
    }

    private static String permissions(Path folder) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    }
}
