package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdbSettingsTest {
    @Test
    void fromEnvironment_readsTheVariablesOfAdb_andHasDefaults() {
        AdbSettings settings = AdbSettings.fromEnvironment(Map.of("HOME", "/home/me"));

        assertThat(settings.serverHost()).isEqualTo("127.0.0.1");
        assertThat(settings.serverPort()).isEqualTo(5037);
        assertThat(settings.stateFolder()).isEqualTo(Path.of("/home/me/.steptrail"));

        settings = AdbSettings.fromEnvironment(
                Map.of("ANDROID_ADB_SERVER_ADDRESS", "lab-7", "ANDROID_ADB_SERVER_PORT", "6000"));

        assertThat(settings.serverHost()).isEqualTo("lab-7");
        assertThat(settings.serverPort()).isEqualTo(6000);

        assertThatThrownBy(() -> AdbSettings.fromEnvironment(Map.of("ANDROID_ADB_SERVER_PORT", "70000")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'70000'");
    }

    @Test
    void fromEnvironment_androidHome_hasAdb(@TempDir Path sdk) throws Exception {
        Path adb = Files.createDirectories(sdk.resolve("platform-tools")).resolve("adb");
        assertThat(binary(sdk)).isEqualTo("adb");

        Files.createFile(adb, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        assertThat(binary(sdk)).isEqualTo(adb.toString());
    }

    private static String binary(Path sdk) {
        return AdbSettings.fromEnvironment(Map.of("ANDROID_HOME", sdk.toString()))
                .adbBinary();
    }
}
