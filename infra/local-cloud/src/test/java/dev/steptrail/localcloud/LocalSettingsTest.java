package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSettingsTest {
    @TempDir
    private Path temporary;

    private DataFolder folder;

    @BeforeEach
    void makeFolder() throws Exception {
        folder = new DataFolder(temporary);
    }

    @Test
    void settingsAndKey_areKeptForTheNextStart() throws Exception {
        LocalSettings first = LocalSettings.prepare(folder, 0);

        assertThat(LocalSettings.prepare(folder, null)).isEqualTo(first);
        assertThat(LocalSettings.load(folder)).isEqualTo(first);
    }

    @Test
    void portInUse_isReported_andNotStored() throws Exception {
        SharedSetup.addTo(temporary);
        LocalSettings before = LocalSettings.prepare(folder, null);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalSettings.prepare(folder, other.getLocalPort()))
                    .isInstanceOf(SetupException.class)
                    .hasMessage("port " + other.getLocalPort() + " cannot be used (Address already in use); free it, or"
                            + " choose another with --port");
        }

        assertThat(LocalSettings.prepare(folder, null).apiPort()).isEqualTo(before.apiPort());
    }

    @Test
    void portInUseAtTheFirstStart_leavesNoPartialSettings() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalSettings.prepare(folder, other.getLocalPort()))
                    .isInstanceOf(SetupException.class);
        }

        assertThatThrownBy(() -> LocalSettings.load(folder))
                .hasMessageStartingWith("no local cloud has been started in");
    }

    @Test
    void portOfAnotherServer_isRejected_andNotStored() throws Exception {
        SharedSetup.addTo(temporary);
        LocalSettings before = LocalSettings.prepare(folder, null);

        assertThatThrownBy(() -> LocalSettings.prepare(folder, before.queuePort()))
                .isInstanceOf(SetupException.class)
                .hasMessage("port " + before.queuePort()
                        + " is already the queue.port of this local cloud; choose another with" + " --port");

        assertThat(LocalSettings.prepare(folder, null).apiPort()).isEqualTo(before.apiPort());
    }

    @Test
    void storedPortInUse_isReportedWithItsFile() throws Exception {
        SharedSetup.addTo(temporary);
        LocalSettings before = LocalSettings.prepare(folder, null);
        try (ServerSocket other = new ServerSocket(before.queuePort(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalSettings.prepare(folder, null))
                    .hasMessage("port " + other.getLocalPort() + " cannot be used (Address already in use); free it, or"
                            + " change queue.port in " + folder.file("settings.properties"));
        }
    }
}
