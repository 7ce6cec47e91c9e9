package dev.steptrail.demophone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.demophone.DemoPhone.Delays;
import dev.steptrail.demophone.DemoPhone.Options;
import dev.steptrail.demophone.adb.Authorization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operates the demo phone with Debian's {@code adb}. */
class DebianAdbIT {
    @TempDir
    static Path home;

    private static AdbServerProcess adb;

    @BeforeAll
    static void findAdb() throws IOException {
        adb = new AdbServerProcess(home);
    }

    @AfterAll
    static void stopServer() throws IOException, InterruptedException {
        if (adb != null) {
            adb.close();
        }
    }

    private static DemoPhone start(Options options) throws IOException, InterruptedException {
        DemoPhone phone = DemoPhone.start(options.delays(Delays.NONE));
        assertThat(adb.call("connect", phone.address())).contains("connected to " + phone.address());
        return phone;
    }

    @Test
    void shell_returnsOutputErrorAndExitCode() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults())) {
            AdbServerProcess.Result unknown = adb.run("-s", phone.address(), "shell", "foo");

            assertThat(adb.call("-s", phone.address(), "shell", "whoami")).isEqualTo("shell\n");
            assertThat(unknown.exitCode()).isEqualTo(127);
            assertThat(unknown.text()).isEmpty();
            assertThat(unknown.error()).isEqualTo("/system/bin/sh: foo: inaccessible or not found\n");
            assertThat(adb.call("-s", phone.address(), "shell", "echo 1; echo '中 \"文'"))
                    .isEqualTo("1\n中 \"文\n");
        }
    }

    @Test
    void files_arePulledOrPrinted() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults())) {
            assertThat(adb.call("-s", phone.address(), "shell", "uiautomator", "dump"))
                    .isEqualTo("UI hierchary dumped to: /sdcard/window_dump.xml\n");
            Path file = home.resolve("dump.xml");
            adb.call("-s", phone.address(), "pull", "/sdcard/window_dump.xml", file.toString());
            String pulled = Files.readString(file);

            assertThat(pulled).startsWith("<?xml").endsWith("</hierarchy>").contains("text=\"设置\"");
            assertThat(adb.call("-s", phone.address(), "exec-out", "uiautomator", "dump", "/dev/tty"))
                    .isEqualTo(pulled + "UI hierchary dumped to: /dev/tty\n");

            adb.call("-s", phone.address(), "shell", "screencap", "-p", "/sdcard/screen.png");
            Path screen = home.resolve("screen.png");
            adb.call("-s", phone.address(), "pull", "/sdcard/screen.png", screen.toString());

            assertThat(screen)
                    .hasBinaryContent(adb.run("-s", phone.address(), "exec-out", "cat", "/sdcard/screen.png")
                            .output());
            assertThat(adb.run("-s", phone.address(), "pull", "/sdcard/missing", home.toString())
                            .exitCode())
                    .isNotZero();
        }
    }

    @Test
    void authorization_acceptedKey_connects() throws IOException, InterruptedException {
        try (DemoPhone phone = DemoPhone.start(Options.defaults().delays(Delays.NONE))) {
            phone.setAuthorization(Authorization.ACCEPT);
            // While the user is asked, adb reports "failed to authenticate".
            adb.run("connect", phone.address());
            adb.call("-s", phone.address(), "wait-for-device");

            assertThat(adb.call("-s", phone.address(), "shell", "whoami")).isEqualTo("shell\n");
        }
    }
}
