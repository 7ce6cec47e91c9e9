package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.DemoPhone.AdbKeyboard;
import dev.steptrail.demophone.DemoPhone.Command;
import dev.steptrail.demophone.DemoPhone.SecureScreen;
import dev.steptrail.demophone.Fault;
import dev.steptrail.demophone.adb.Authorization;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceInUseException;
import dev.steptrail.phone.device.DeviceInfo;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.phone.device.ForegroundApp;
import dev.steptrail.phone.device.Key;
import dev.steptrail.phone.device.OutcomeUnknownException;
import dev.steptrail.phone.device.Readiness;
import dev.steptrail.phone.device.ScreenSize;
import dev.steptrail.phone.device.Screenshot;
import dev.steptrail.phone.device.TextInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A simulated phone, reached directly. */
@Timeout(60)
class AndroidDeviceTest {
    private static final String USERS_KEYBOARD = "com.android.inputmethod.latin/.LatinIME";
    private static final String ADB_KEYBOARD = "com.android.adbkeyboard/.AdbIME";

    @TempDir
    private Path state;

    private DemoPhone phone;
    private Device device;

    @BeforeEach
    void open() throws Exception {
        openPhone(options());
    }

    private static DemoPhone.Options options() {
        return DemoPhone.Options.defaults().delays(DemoPhone.Delays.NONE);
    }

    private void openPhone(DemoPhone.Options options) throws Exception {
        close();
        phone = DemoPhone.start(options);
        device = devices().connect("127.0.0.1", phone.port());
    }

    private AdbDevices devices() {
        return devices(AdbTimeouts.DEFAULT.withReconnect(Duration.ofMillis(300)));
    }

    private AdbDevices devices(AdbTimeouts timeouts) {
        return new AdbDevices(AdbSettings.fromEnvironment(Map.of("HOME", state.toString()))
                .withKeyboardWait(Duration.ZERO)
                .withTimeouts(timeouts));
    }

    /** Lets the phone answer a command with this output once. */
    private void answer(String command, String output) {
        phone.faults().add(command, new Fault.Answer(output, "", 0));
    }

    /** Connects again, with this timeout for each request. */
    private void connectWithTimeout(int millis) throws Exception {
        device.close();
        device = devices(AdbTimeouts.DEFAULT.withRequests(Duration.ofMillis(millis)))
                .connect("127.0.0.1", phone.port());
    }

    @AfterEach
    void close() {
        if (device != null) {
            device.close();
            phone.close();
        }
    }

    @Test
    void inputs_sendTheCommandsOfOpenAutoGlm() throws Exception {
        device.tap(540, 1200);
        device.doubleTap(1, 2);
        device.longPress(10, 20, Duration.ofSeconds(3));
        device.swipe(10, 20, 30, 40, Duration.ofMillis(1250));
        for (Key key : Key.values()) {
            device.press(key);
        }

        assertThat(commands())
                .containsExactly(
                        "input tap 540 1200",
                        "input tap 1 2",
                        "input tap 1 2",
                        "input swipe 10 20 10 20 3000",
                        "input swipe 10 20 30 40 1250",
                        "input keyevent 4",
                        "input keyevent KEYCODE_HOME",
                        "input keyevent KEYCODE_APP_SWITCH",
                        "input keyevent KEYCODE_ENTER",
                        "input keyevent KEYCODE_DEL",
                        "input keyevent KEYCODE_WAKEUP",
                        "input keyevent KEYCODE_SLEEP",
                        "input keyevent KEYCODE_VOLUME_UP",
                        "input keyevent KEYCODE_VOLUME_DOWN",
                        "input keyevent KEYCODE_VOLUME_MUTE");
    }

    @ParameterizedTest
    @CsvSource({
        "mServedInputConnection=null, false",
        "mServedInputConnectionWrapper=null, false",
        "mServedInputConnection=null|mServedInputConnection=null, false",
        "mServedInputConnection=RemoteInputConnectionImpl{connection=x}, true",
        "mServedInputConnectionWrapper=android.view.ControlledInputConnectionWrapper@2c, true",
        "mServedInputConnection=null|mServedInputConnection=x@1, true",
        "mInputShown=false, true"
    })
    void hasTextFocus_readsTheConnectionOfTheKeyboard(String state, boolean expected) throws Exception {
        String output = "Current Input Method Manager state:\n  mServedView=android.view.View{1}\n  "
                + state.replace("|", "\n  ");
        answer("dumpsys input_method", output);

        assertThat(device.hasTextFocus()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(AdbKeyboard.class)
    void readiness_adbKeyboard_isWhatThePhoneLists(AdbKeyboard installed) throws Exception {
        openPhone(options().adbKeyboard(installed));
        answer("dumpsys window policy", "");

        assertThat(device.readiness())
                .isEqualTo(new Readiness(Readiness.AdbKeyboard.valueOf(installed.name()), true, false));
    }

    @Test
    void readiness_phoneIsAsleepAndLocked_isReported() throws Exception {
        answer("dumpsys power", "  mWakefulness=Dozing\n  mWakefulnessChanging=false\n");
        answer("dumpsys window policy", "    KeyguardServiceDelegate\n      showing=true\n      secure=true\n");

        Readiness readiness = device.readiness();

        assertThat(readiness.screenOn()).isFalse();
        assertThat(readiness.locked()).isTrue();
    }

    @Test
    void launch_returnsWhetherTheAppIsInstalled_andQuotesItsName() throws Exception {
        assertThat(device.launch("com.android.settings")).isTrue();
        assertThat(device.foregroundApp().packageName()).isEqualTo("com.android.settings");
        assertThat(device.launch("com.example.missing")).isFalse();
        assertThat(commands()).contains("monkey -p com.android.settings -c android.intent.category.LAUNCHER 1");
        assertThat(device.launch("a; input tap 1 1")).isFalse();
        assertThat(commands()).contains("monkey -p 'a; input tap 1 1' -c android.intent.category.LAUNCHER 1");
    }

    @Test
    void screenSizeAndScreenshot_containThePointsOfTheScreen_andFollowRotation() throws Exception {
        assertThat(device.screenSize()).isEqualTo(new ScreenSize(1080, 2400, 0));
        ScreenSize screen = device.screenSize();
        assertThat(screen.contains(0, 0)).isTrue();
        assertThat(screen.contains(1079, 2399)).isTrue();
        assertThat(screen.contains(1080, 0)).isFalse();
        assertThat(screen.contains(0, 2400)).isFalse();
        assertThat(screen.contains(-1, 0)).isFalse();
        assertThat(screen.contains(0, -1)).isFalse();

        phone.rotate(1);
        assertThat(device.screenSize()).isEqualTo(new ScreenSize(2400, 1080, 1));
        Screenshot screenshot = device.screenshot();
        assertThat(screenshot.sensitive()).isFalse();
        assertThat(List.of(screenshot.width(), screenshot.height())).containsExactly(2400, 1080);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(screenshot.png()));
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(2400, 1080);
    }

    @Test
    void info_readsTheProperties_andForegroundAppTheLauncher() throws Exception {
        DeviceInfo info = device.info();

        assertThat(info.serial()).isEqualTo("127.0.0.1:" + phone.port()).isEqualTo(device.serial());
        assertThat(info.model()).isEqualTo("Demo Phone");
        assertThat(info.apiLevel()).isPositive();
        assertThat(info.screen()).isEqualTo(new ScreenSize(1080, 2400, 0));
        assertThat(info.keyboard()).isEqualTo(USERS_KEYBOARD);

        ForegroundApp app = device.foregroundApp();

        assertThat(app.packageName()).contains("launcher");
        assertThat(app.activity()).startsWith(app.packageName());
    }

    @Test
    void uiTree_temporaryFailures_areRetried() throws Exception {
        phone.faults().add("uiautomator", Fault.NOT_IDLE);
        phone.faults().add("uiautomator", Fault.NULL_ROOT);

        assertThat(device.uiTree()).startsWith("<?xml").endsWith("</hierarchy>");
        assertThat(commands()).hasSize(3).containsOnly("uiautomator dump /dev/tty");
    }

    @Test
    void uiTree_screenIsOff_isAnErrorAfterAnEighthOfTheTimeout() throws Exception {
        connectWithTimeout(8000);
        phone.faults().add("uiautomator", Fault.NULL_ROOT, 1000);

        assertThatThrownBy(() -> device.uiTree())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("the phone reports no window")
                .hasMessageContaining("'steptrail press wake'");
        assertThat(commands()).as("an attempt takes 0.3 s or more").hasSizeLessThan(10);
    }

    @Test
    void uiTree_noTimeForAnotherAttempt_saysWhyTheLastOneFailed() throws Exception {
        openPhone(options().delays(new DemoPhone.Delays(Duration.ZERO, Duration.ZERO, Duration.ofMillis(1200), false)));
        phone.faults().add("uiautomator", Fault.NOT_IDLE, 1000);
        connectWithTimeout(2400);

        assertThatThrownBy(() -> device.uiTree()).hasMessageContaining("does not stop moving");
    }

    @Test
    void uiTree_terminalCannotBeWritten_usesAFile() throws Exception {
        phone.faults().add("/dev/tty", new Fault.Answer("", "/dev/tty: No such device or address\n", 1));

        assertThat(device.uiTree()).endsWith("</hierarchy>");
        assertThat(device.uiTree()).endsWith("</hierarchy>");
        assertThat(commands())
                .startsWith(
                        "uiautomator dump /dev/tty",
                        "uiautomator dump /data/local/tmp/steptrail-tree.xml",
                        "cat /data/local/tmp/steptrail-tree.xml",
                        "rm -f /data/local/tmp/steptrail-tree.xml")
                .hasSize(7);
    }

    @Test
    void screenshot_textBeforeThePng_isDropped_andATruncatedOneIsTakenAgain() throws Exception {
        phone.faults().add("screencap", new Fault.TextBefore("WARNING: linker: /system/lib64/x.so\n"));

        assertThat(device.screenshot().height()).isEqualTo(2400);
        assertThat(commands()).containsExactly("screencap -p");
        phone.faults().add("screencap", new Fault.DisconnectWithin(5000));
        assertThat(device.screenshot().height()).isEqualTo(2400);
    }

    @Test
    void screenshot_foldable_selectsTheActiveDisplay() throws Exception {
        openPhone(options().foldable(true));

        assertThat(device.screenshot().height()).isEqualTo(2400);
        device.screenshot();

        assertThat(commands())
                .containsExactly(
                        "screencap -p",
                        "dumpsys display",
                        "screencap -p -d 4619827259835644672",
                        "dumpsys display",
                        "screencap -p -d 4619827259835644672");
    }

    @Test
    void screenshot_blackRefusedOrEmpty_isSensitive() throws Exception {
        phone.faults().add("screencap", new Fault.BlackScreen());
        assertThat(device.screenshot().sensitive()).isTrue();
        phone.setSecureScreen(SecureScreen.BLACK);
        assertThat(device.screenshot().sensitive()).isTrue();
        phone.setSecureScreen(SecureScreen.REFUSED);
        assertThat(device.screenshot()).satisfies(black -> {
            assertThat(black.sensitive()).isTrue();
            assertThat(List.of(black.width(), black.height())).containsExactly(1080, 2400);
        });
        phone.setSecureScreen(SecureScreen.OFF);
        int before = commands().size();
        phone.faults().add("screencap", new Fault.Answer("", "", 1), 2);

        assertThat(device.screenshot().sensitive()).isTrue();
        assertThat(commands().subList(before, commands().size()))
                .startsWith("screencap -p", "screencap -p", "dumpsys display");
    }

    @Test
    void screenshot_otherOutput_isAnError() {
        phone.faults().add("screencap", new Fault.Answer("/system/bin/sh: screencap: not found\n", "", 127), 3);

        assertThatThrownBy(() -> device.screenshot())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("screencap: not found");
    }

    @Test
    void typeText_adbKeyboard_sendsTheCommandsOfOpenAutoGlm() throws Exception {
        device.typeText("音量 max");

        assertThat(commands())
                .containsExactly(
                        "settings get secure default_input_method",
                        "ime set " + ADB_KEYBOARD,
                        "am broadcast -a ADB_INPUT_B64 --es msg ",
                        "am broadcast -a ADB_CLEAR_TEXT",
                        "am broadcast -a ADB_INPUT_B64 --es msg 6Z+z6YePIG1heA==",
                        "ime set " + USERS_KEYBOARD);
        assertThat(device.info().keyboard()).isEqualTo(USERS_KEYBOARD);
        assertThat(remembered()).isEmpty();
    }

    @Test
    void typeText_lostAcknowledgement_isUnknown_andRestoresTheKeyboard() throws Exception {
        phone.faults().add("msg eA==", new Fault.Disconnect(true));

        assertThatThrownBy(() -> device.typeText("x"))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageNotContaining("eA==");

        assertThat(commands()).containsOnlyOnce("am broadcast -a ADB_INPUT_B64 --es msg eA==");
        assertThat(device.info().keyboard()).isEqualTo(USERS_KEYBOARD);
        assertThat(remembered()).isEmpty();
    }

    @Test
    void typeText_interrupted_restoresTheKeyboard() throws Exception {
        phone.faults().add("msg eA==", new Fault.NoAnswer(true));
        Thread typing = new Thread(() -> {
            try {
                device.typeText("x");
            } catch (DeviceException | InterruptedException e) {
                // expected
            }
        });
        typing.start();
        while (!commands().contains("am broadcast -a ADB_INPUT_B64 --es msg eA==")) {
            Thread.sleep(5);
        }

        typing.interrupt();
        typing.join();

        assertThat(device.info().keyboard()).isEqualTo(USERS_KEYBOARD);
        assertThat(remembered()).isEmpty();
    }

    /** Leaves ADB Keyboard selected, because the phone is disconnected again while the user's keyboard is restored. */
    private void losePhoneWhileTyping() {
        phone.faults().add("ADB_CLEAR_TEXT", new Fault.Disconnect(false));
        phone.faults().add("ime set " + USERS_KEYBOARD, new Fault.Disconnect(false), 2);
        assertThatThrownBy(() -> device.typeText("x")).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void close_phoneWasLostWhileTyping_restoresTheKeyboard() throws Exception {
        losePhoneWhileTyping();
        assertThat(remembered()).hasSize(1);

        Thread.currentThread().interrupt(); // as after Ctrl-C
        device.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(commands()).endsWith("ime set " + USERS_KEYBOARD);
        assertThat(remembered()).isEmpty();
    }

    @Test
    void typeText_interruptedOnALostPhone_isInterruptedAtOnce() throws Exception {
        device.close();
        AdbSettings patient = AdbSettings.fromEnvironment(Map.of("HOME", state.toString()))
                .withKeyboardWait(Duration.ofHours(1))
                .withTimeouts(AdbTimeouts.DEFAULT.withReconnect(Duration.ofHours(1)));
        device = new AdbDevices(patient).connect("127.0.0.1", phone.port());
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread typing = new Thread(() -> outcome.set(catchThrowable(() -> device.typeText("x"))));
        typing.start();
        while (Arrays.stream(typing.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals("sleep"))) { // waits for the keyboard
            Thread.sleep(5);
        }
        int port = phone.port();
        phone.close();

        typing.interrupt();
        typing.join();

        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        assertThat(outcome.get().getSuppressed()).hasOnlyElementsOfType(DeviceLostException.class);
        phone = DemoPhone.start(options().port(port));
        device.close();
        assertThat(commands()).containsExactly("ime set " + USERS_KEYBOARD);
    }

    @Test
    void close_phoneIsLost_doesNotWaitForItAgain_andTheNextConnectionRestoresTheKeyboard() throws Exception {
        losePhoneWhileTyping();
        int port = phone.port();
        phone.close();
        assertThatThrownBy(() -> device.tap(1, 2)).isInstanceOf(DeviceLostException.class);

        phone = DemoPhone.start(options().port(port));
        device.close();

        assertThat(commands()).isEmpty();
        assertThat(remembered()).hasSize(1);
        device = devices().connect("127.0.0.1", port);
        assertThat(commands()).containsExactly("ime set " + USERS_KEYBOARD);
        assertThat(remembered()).isEmpty();
    }

    @Test
    void typeText_afterAFailedRestoration_restoresTheUsersKeyboard() throws Exception {
        losePhoneWhileTyping();

        device.typeText("y");

        assertThat(device.info().keyboard()).isEqualTo(USERS_KEYBOARD);
        assertThat(remembered()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ABSENT", "DISABLED"})
    void typeText_noAdbKeyboard_typesAsciiOnly(String keyboard) throws Exception {
        openPhone(options().adbKeyboard(AdbKeyboard.valueOf(keyboard)));

        device.typeText("100% 'sure' $HOME\n");

        assertThat(commands()).endsWith("input text '100%%s'\\''sure'\\''%s$HOME'", "input keyevent KEYCODE_ENTER");
        assertThatThrownBy(() -> device.typeText("音量"))
                .isInstanceOf(TextInputException.class)
                .hasMessageContaining("Install ADB Keyboard")
                .hasMessageContaining("ime enable");
        assertThat(remembered()).isEmpty();
    }

    @Test
    void typeText_longLinesWithoutAdbKeyboard_areReplacedBeforeAndAfterTheCursor() throws Exception {
        openPhone(options().adbKeyboard(AdbKeyboard.ABSENT));
        editNote();
        device.typeText("first line\n" + "b".repeat(510));
        try (AdbTransport other = new DirectTransport("127.0.0.1", phone.port())) {
            String toTheFirstLine = "input keyevent" + " KEYCODE_DPAD_LEFT".repeat(515);
            new PhoneShell("other", other, Duration.ZERO).input(toTheFirstLine, Duration.ofSeconds(10));
        }

        device.typeText("NEW");
        device.press(Key.BACK); // saves the note

        assertThat(phone.<String>screen(screen -> screen.state().notes().get(0).text()))
                .isEqualTo("NEW");
        assertThat(commands())
                .filteredOn(line -> line.contains("_DEL"))
                .hasSize(3)
                .allMatch(line -> line.split(" ").length <= 502);
    }

    @Test
    void typeText_hugeTextOrManyLinesWithoutAdbKeyboard_isAnError() throws Exception {
        openPhone(options().adbKeyboard(AdbKeyboard.ABSENT));
        String node = "<node text=\"" + "x".repeat(10_001) + "\" focused=\"true\"/>";
        answer("uiautomator", "<?xml version=\"1.0\"?><hierarchy>" + node + "</hierarchy>");

        assertThatThrownBy(() -> device.typeText("x"))
                .isInstanceOf(TextInputException.class)
                .hasMessageContaining("10001 characters");
        assertThatThrownBy(() -> device.typeText("a\n".repeat(101)))
                .isInstanceOf(TextInputException.class)
                .hasMessageContaining("too many lines");
        assertThat(commands()).noneMatch(line -> line.startsWith("input"));
    }

    /** Opens a new note, whose text has the focus. */
    private void editNote() throws Exception {
        device.tap(918, 1522);
        device.tap(930, 2130);
        device.tap(300, 700);
    }

    @Test
    void tap_lostAcknowledgement_isUnknownAndNotRepeated_andTheNextTapIsSentAfterReconnection() throws Exception {
        phone.faults().add("input tap", new Fault.Disconnect(true));

        assertThatThrownBy(() -> device.tap(1, 2))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("input tap 1 2");

        phone.disconnect();
        device.tap(3, 4);
        assertThat(commands()).containsExactly("input tap 1 2", "input tap 3 4");
    }

    @Test
    void noAnswer_isUnknownForATap_andAnErrorForAQuery_afterTheTimeout() throws Exception {
        phone.faults().add("input tap", new Fault.NoAnswer(false));
        phone.faults().add("dumpsys window", new Fault.NoAnswer(true), 2);
        connectWithTimeout(200);

        assertThatThrownBy(() -> device.tap(1, 2))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("no answer within 200 ms");
        device.tap(3, 4);
        assertThatThrownBy(() -> device.foregroundApp()).hasMessageContaining("no answer within 200 ms");

        assertThat(commands()).containsExactly("input tap 3 4", "dumpsys window");
    }

    @Test
    void tap_phoneFails_isAnError() {
        phone.faults()
                .add(
                        "input tap",
                        new Fault.Answer(
                                "",
                                "java.lang.SecurityException: Injecting input events requires the caller (or the source of"
                                        + " the instrumentation, if any) to have the INJECT_EVENTS permission.",
                                255));

        assertThatThrownBy(() -> device.tap(1, 2))
                .isInstanceOf(DeviceException.class)
                .isNotInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("USB debugging (Security settings)");
    }

    @Test
    void swipe_longerThanTheTimeout_isAcknowledged() throws Exception {
        openPhone(options().delays(new DemoPhone.Delays(Duration.ZERO, Duration.ZERO, Duration.ZERO, true)));
        connectWithTimeout(500);

        device.swipe(1, 2, 3, 4, Duration.ofMillis(700));
    }

    @Test
    void screenSize_impossible_isAnError() throws Exception {
        String viewport = "DisplayViewport{displayId=0, orientation=0, logicalFrame=Rect(0, 0 - %d, %d)}";
        answer("dumpsys display", viewport.formatted(2_000_000_000, 2));
        assertThatThrownBy(() -> device.screenSize())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("2000000000 by 2 pixels");

        phone.setSecureScreen(SecureScreen.REFUSED);
        answer("dumpsys display", viewport.formatted(30_000, 30_000));
        assertThatThrownBy(() -> device.screenshot()).isInstanceOf(DeviceException.class);
    }

    /** A pattern that tries each start to the end would need hours. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a pattern cannot be interrupted
    void infoAndUiTree_manyStarts_areReadInTime() throws Exception {
        answer("getprop", "[a\n".repeat(700_000));

        assertThat(device.info().model()).isNull();

        phone.faults().add("uiautomator", new Fault.Answer("<?xml ".repeat(500_000), "", 0), 5);
        answer("cat", "<?xml ".repeat(500_000));

        assertThatThrownBy(() -> device.uiTree()).isInstanceOf(DeviceException.class);
    }

    @Test
    void query_lostConnection_isRepeatedOnce() throws Exception {
        phone.faults().add("dumpsys window", new Fault.DisconnectWithin(20));

        assertThat(device.foregroundApp().packageName()).isNotNull();

        phone.faults().add("dumpsys window", new Fault.Disconnect(false), 2);
        assertThatThrownBy(() -> device.foregroundApp())
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("dumpsys window");
    }

    @Test
    void tap_phoneGone_isLost() {
        phone.close();

        assertThatThrownBy(() -> device.tap(1, 2))
                .isInstanceOf(DeviceLostException.class)
                .hasMessageContaining("did not come back");
    }

    @Test
    void connectUnlocked_toAPhoneInUse_writesNothing_andRestoresTheKeyboard() throws Exception {
        assertThatThrownBy(() -> devices().connect("127.0.0.1", phone.port())).isInstanceOf(DeviceInUseException.class);
        Path unused = state.resolve("unused");
        AdbDevices devices = new AdbDevices(
                AdbSettings.fromEnvironment(Map.of("HOME", unused.toString())).withKeyboardWait(Duration.ZERO));
        phone.faults().add("ADB_CLEAR_TEXT", new Fault.Disconnect(false));
        phone.faults().add("ime set " + USERS_KEYBOARD, new Fault.Disconnect(false), 2);

        try (Device other = devices.connectUnlocked("demo-phone-1", "127.0.0.1", phone.port())) {
            assertThat(other.serial()).isEqualTo("demo-phone-1");
            assertThatThrownBy(() -> other.typeText("x"))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageStartingWith("demo-phone-1: ");
        }

        assertThat(commands()).endsWith("ime set " + USERS_KEYBOARD);
        assertThat(unused).doesNotExist();
    }

    @Test
    void requests_afterClose_areErrors() {
        device.close();

        assertThatThrownBy(() -> device.tap(1, 2))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("was closed");
        assertThatThrownBy(() -> device.typeText("x")).isInstanceOf(DeviceException.class);
        assertThat(commands()).isEmpty();
    }

    @Test
    void connect_failed_releasesThePhone() throws Exception {
        int port = phone.port();
        close();
        assertThatThrownBy(() -> devices().connect("127.0.0.1", port))
                .isInstanceOf(DeviceException.class)
                .isNotInstanceOf(DeviceInUseException.class);

        phone = DemoPhone.start(options().port(port));
        device = devices().connect("127.0.0.1", port);

        device.tap(1, 2);
    }

    @Test
    void connect_phoneThatRequiresAuthentication_isAnError() throws Exception {
        try (DemoPhone locked = DemoPhone.start(options())) {
            locked.setAuthorization(Authorization.REFUSE);
            assertThatThrownBy(() -> devices().connect("127.0.0.1", locked.port()))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("adb connect");
        }
    }

    @Test
    void connect_olderProtocol_works() throws Exception {
        openPhone(options().checksums(true));

        device.tap(1, 2);
        assertThat(device.screenshot().width()).isEqualTo(1080);
    }

    private List<String> commands() {
        return phone.commands().stream().map(Command::line).toList();
    }

    private List<Path> remembered() throws Exception {
        try (var files = Files.list(state.resolve(".steptrail/phones"))) {
            return files.filter(file -> !file.toString().matches(".*\\.(lock|pid)"))
                    .toList();
        }
    }
}
