package dev.steptrail.demophone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.demophone.DemoPhone.Delays;
import dev.steptrail.demophone.DemoPhone.Options;
import dev.steptrail.demophone.adb.Authorization;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
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
    void devices_listsThePhoneWithItsModel() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults())) {
            assertThat(adb.call("devices", "-l"))
                    .containsPattern(phone.address() + "\\s+device product:demo model:Demo_Phone device:demo");
        }
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
    void execOutScreencap_isAPngOfTheScreen() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults().screen(720, 1600, 320))) {
            phone.rotate(1);
            AdbServerProcess.Result result = adb.run("-s", phone.address(), "exec-out", "screencap", "-p");
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(result.output()));

            assertThat(image.getWidth()).isEqualTo(1600);
            assertThat(image.getHeight()).isEqualTo(720);
        }
    }

    @Test
    void inputTap_opensAnApp_andIsExecutedOnce() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults())) {
            adb.call("-s", phone.address(), "shell", "input", "tap", "666", "1805");

            assertThat(adb.call("-s", phone.address(), "shell", "dumpsys", "window"))
                    .contains("mCurrentFocus=Window{2d6c1f8 u0 com.android.settings/");
            assertThat(phone.commands())
                    .extracting(DemoPhone.Command::line)
                    .containsExactly("input tap 666 1805", "dumpsys window");
        }
    }

    @Test
    void uiautomatorDump_isPulledOrPrinted() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults())) {
            assertThat(adb.call("-s", phone.address(), "shell", "uiautomator", "dump"))
                    .isEqualTo("UI hierchary dumped to: /sdcard/window_dump.xml\n");
            Path file = home.resolve("dump.xml");
            adb.call("-s", phone.address(), "pull", "/sdcard/window_dump.xml", file.toString());
            String pulled = Files.readString(file);

            assertThat(pulled).startsWith("<?xml").endsWith("</hierarchy>").contains("text=\"设置\"");
            assertThat(adb.call("-s", phone.address(), "exec-out", "uiautomator", "dump", "/dev/tty"))
                    .isEqualTo(pulled + "UI hierchary dumped to: /dev/tty\n");
        }
    }

    @Test
    void pull_ofALargeOrMissingFile_keepsTheBytesOrFails() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults())) {
            adb.call("-s", phone.address(), "shell", "screencap", "-p", "/sdcard/screen.png");
            Path file = home.resolve("screen.png");
            adb.call("-s", phone.address(), "pull", "/sdcard/screen.png", file.toString());

            assertThat(file)
                    .hasBinaryContent(adb.run("-s", phone.address(), "exec-out", "cat", "/sdcard/screen.png")
                            .output());
            assertThat(adb.run("-s", phone.address(), "pull", "/sdcard/missing", home.toString())
                            .exitCode())
                    .isNotZero();
        }
    }

    @Test
    void calls_atTheSameTime_areAllAnswered() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (DemoPhone phone = start(Options.defaults())) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String number = Integer.toString(i);
                answers.add(threads.submit(() -> adb.call("-s", phone.address(), "shell", "echo", number)));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(i + "\n");
            }
            assertThat(phone.commands()).hasSize(24);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void olderProtocol_withChecksums_works() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults().checksums(true))) {
            assertThat(adb.run("-s", phone.address(), "exec-out", "screencap", "-p")
                            .output())
                    .startsWith(0x89, 'P', 'N', 'G');
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

    @Test
    void authorization_refusedKey_isListedAsUnauthorized() throws IOException, InterruptedException {
        try (DemoPhone phone = DemoPhone.start(Options.defaults().delays(Delays.NONE))) {
            phone.setAuthorization(Authorization.REFUSE);
            assertThat(adb.run("connect", phone.address()).text()).contains("failed to authenticate");
            assertThat(adb.call("devices")).contains(phone.address() + "\tunauthorized");
        }
    }

    @Test
    void disconnect_withinAnAnswer_failsTheCall_andTheNextOneWorks() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults())) {
            phone.faults().add("screencap", new Fault.DisconnectWithin(1000));
            assertThat(adb.run("-s", phone.address(), "exec-out", "screencap", "-p")
                            .output())
                    .hasSizeLessThanOrEqualTo(1000);
            adb.run("disconnect", phone.address());
            adb.call("connect", phone.address());

            assertThat(adb.run("-s", phone.address(), "exec-out", "screencap", "-p")
                            .output())
                    .startsWith(0x89, 'P', 'N', 'G');
            assertThat(phone.commands()).hasSize(2);
        }
    }

    @Test
    void adbKeyboard_typesChinese() throws IOException, InterruptedException {
        try (DemoPhone phone = start(Options.defaults())) {
            String serial = phone.address();
            for (String tap : List.of("input tap 918 1522", "input tap 930 2130", "input tap 300 700")) {
                adb.call("-s", serial, "shell", tap);
            }
            adb.call("-s", serial, "shell", "ime", "set", "com.android.adbkeyboard/.AdbIME");
            adb.call("-s", serial, "shell", "am broadcast -a ADB_INPUT_B64 --es msg 5bim5Lye");
            adb.call("-s", serial, "shell", "input", "keyevent", "4");

            assertThat(phone.<String>screen(
                            screen -> screen.state().notes().get(0).text()))
                    .isEqualTo("带伞");
        }
    }
}
