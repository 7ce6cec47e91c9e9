package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoPhone.Command;
import dev.steptrail.demophone.Fault;
import dev.steptrail.demophone.adb.Authorization;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.Key;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Simulated phones, reached through the real adb server. */
@Timeout(120)
class AdbServerIT {
    @TempDir
    private Path folder;

    private OwnAdbServer server;
    private AdbDevices devices;
    private DemoPhone phone;

    @BeforeEach
    void start() throws Exception {
        server = new OwnAdbServer(folder);
        devices = new AdbDevices(server.settings());
        phone = DemoPhone.start(options());
    }

    private static DemoPhone.Options options() {
        return DemoPhone.Options.defaults().delays(DemoPhone.Delays.NONE);
    }

    @AfterEach
    void stop() throws Exception {
        if (phone != null) {
            phone.close();
            server.close();
        }
    }

    @Test
    void openOnly_startsTheServer_andTheOnlyPhoneExecutesAllRequests() throws Exception {
        assertThat(devices.list()).isEmpty();

        server.adb("connect", phone.address());

        assertThat(devices.list())
                .extracting(AttachedPhone::serial, AttachedPhone::state, AttachedPhone::model, AttachedPhone::advice)
                .containsExactly(tuple(phone.address(), "device", "Demo_Phone", null));

        try (Device device = devices.openOnly()) {
            device.tap(540, 1200);
            device.doubleTap(1, 2);
            device.longPress(10, 20, Duration.ofMillis(300));
            device.swipe(10, 20, 30, 40, Duration.ofMillis(100));
            device.press(Key.BACK);
            device.press(Key.HOME);
            assertThat(device.launch("com.android.settings")).isTrue();
            device.typeText("音量");
            assertThat(device.screenshot().height()).isEqualTo(2400);
            assertThat(device.uiTree()).endsWith("</hierarchy>");
            assertThat(device.foregroundApp().packageName()).isEqualTo("com.android.settings");
            assertThat(device.info().model()).isEqualTo("Demo Phone");
        }
        assertThat(commands())
                .startsWith("input tap 540 1200", "input tap 1 2", "input tap 1 2", "input swipe 10 20 10 20 300")
                .contains("am broadcast -a ADB_INPUT_B64 --es msg ", "screencap -p", "uiautomator dump /dev/tty");
    }

    @Test
    void openForQueries_neitherLocksThePhone_norRestoresItsKeyboard() throws Exception {
        server.adb("connect", phone.address());
        try (Device ignored = devices.open(phone.address())) {
            assertThat(devices.findUser(phone.address())).endsWith("in use by this process");
        }
        Path keyboard = server.settings()
                .stateFolder()
                .resolve("phones")
                .resolve(phone.address().replace(":", "%3A") + ".keyboard");
        Files.writeString(keyboard, "com.android.inputmethod.latin/.LatinIME\n");

        try (Device queried = devices.openForQueries(phone.address())) {
            assertThat(queried.info().model()).isEqualTo("Demo Phone");
            assertThat(devices.findUser(phone.address())).isNull();
        }

        assertThat(commands()).noneMatch(line -> line.startsWith("ime"));
        assertThat(keyboard).exists();
    }

    @Test
    void open_noOrSeveralPhones_saysWhatToDo() throws Exception {
        assertThatThrownBy(() -> devices.openOnly())
                .isInstanceOf(DeviceException.class)
                .hasMessage(AdbDevices.NONE_ATTACHED);
        assertThatThrownBy(() -> devices.open("0A041FDD4003AW"))
                .isInstanceOf(DeviceException.class)
                .hasMessage("0A041FDD4003AW: not attached; 'steptrail devices' lists the attached phones");

        try (DemoPhone second = DemoPhone.start(options())) {
            server.adb("connect", phone.address());
            server.adb("connect", second.address());
            assertThatThrownBy(() -> devices.openOnly())
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("several phones")
                    .hasMessageContaining(second.address());
            try (Device device = devices.open(second.address())) {
                device.tap(1, 2);
            }
            assertThat(second.commands()).hasSize(1);
        }
    }

    @Test
    void requests_twoPhonesAtOnce_reachTheRightOne() throws Exception {
        try (DemoPhone second = DemoPhone.start(options())) {
            List<DemoPhone> phones = List.of(phone, second);
            for (DemoPhone each : phones) {
                server.adb("connect", each.address());
            }
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Future<Integer>> runs = phones.stream()
                    .map(each -> threads.submit(() -> {
                        try (Device device = devices.open(each.address())) {
                            for (int i = 0; i < 200; i++) {
                                device.tap(i, each.port());
                                device.foregroundApp();
                            }
                        }
                        return each.port();
                    }))
                    .toList();
            for (Future<Integer> run : runs) {
                run.get();
            }
            threads.shutdown();
            for (DemoPhone each : phones) {
                assertThat(each.commands().stream().map(Command::line).filter(line -> line.startsWith("input")))
                        .containsExactlyElementsOf(IntStream.range(0, 200)
                                .mapToObj(i -> "input tap " + i + " " + each.port())
                                .toList());
            }
        }
    }

    @Test
    void open_unauthorizedPhone_saysWhatToDo() throws Exception {
        phone.setAuthorization(Authorization.REFUSE);
        server.adb("connect", phone.address());

        assertThat(devices.list()).singleElement().satisfies(attached -> assertThat(attached.usable())
                .isFalse());
        assertThatThrownBy(() -> devices.open(phone.address()))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("confirm 'Allow USB debugging'");
        assertThatThrownBy(() -> devices.openOnly())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("no attached phone is usable: " + phone.address() + " is unauthorized");
    }

    @Test
    void list_adbMissing_saysWhatToInstall() {
        AdbDevices withoutAdb = new AdbDevices(
                server.settings().withAdbBinary(folder.resolve("missing").toString()));

        assertThatThrownBy(withoutAdb::list)
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("Platform-Tools")
                .hasMessageContaining("apt install adb");
    }

    /** The server ends the output of a disconnected phone as it ends a complete one. */
    @Test
    void screenshot_phoneDisconnected_isTakenAgain() throws Exception {
        server.adb("connect", phone.address());
        try (Device device = devices.openOnly()) {
            for (int bytes : new int[] {0, 5000}) {
                phone.faults().add("screencap", new Fault.DisconnectWithin(bytes));
                assertThat(device.screenshot()).satisfies(screenshot -> {
                    assertThat(screenshot.sensitive()).isFalse();
                    assertThat(screenshot.height()).isEqualTo(2400);
                });
            }
        }
    }

    @Test
    void tap_serverWasKilled_startsItAgain() throws Exception {
        server.adb("connect", phone.address());
        try (Device device = devices.openOnly()) {
            device.tap(1, 2);
            server.close();
            device.tap(3, 4);
        }
        assertThat(commands()).containsExactly("input tap 1 2", "input tap 3 4");
    }

    private List<String> commands() {
        return phone.commands().stream().map(Command::line).toList();
    }
}
