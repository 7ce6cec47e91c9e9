package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.demophone.DemoPhone.AdbKeyboard;
import dev.steptrail.demophone.DemoPhone.Delays;
import dev.steptrail.demophone.DemoPhone.SecureScreen;
import dev.steptrail.demophone.internal.adb.Phone.Answer;
import dev.steptrail.demophone.internal.adb.Phone.Chunk;
import dev.steptrail.demophone.internal.adb.Phone.DisconnectException;
import dev.steptrail.demophone.internal.adb.Phone.NoAnswerException;
import dev.steptrail.demophone.internal.screen.Display;
import dev.steptrail.demophone.state.PhoneState.Stream;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs command lines on a phone without a connection. */
class AndroidPhoneTest {
    private final AndroidPhone phone = phone(AdbKeyboard.ENABLED, Delays.NONE, false);

    private static AndroidPhone phone(AdbKeyboard keyboard, Delays delays, boolean foldable) {
        return new AndroidPhone(DemoPhone.Options.defaults()
                .serial("S1")
                .foldable(foldable)
                .adbKeyboard(keyboard)
                .delays(delays));
    }

    /** Standard output, then the exit code unless it is 0. */
    private static String output(AndroidPhone phone, String line)
            throws DisconnectException, NoAnswerException, InterruptedException {
        Answer answer = phone.execute(line);
        String text = text(answer, false);
        return answer.exitCode() == 0 ? text : text + "exit " + answer.exitCode();
    }

    private String output(String line) throws DisconnectException, NoAnswerException, InterruptedException {
        return output(phone, line);
    }

    private static String text(Answer answer, boolean error) {
        return new String(bytes(answer, error), UTF_8);
    }

    private static byte[] bytes(Answer answer, boolean error) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Chunk chunk : answer.chunks()) {
            if (chunk.error() == error) {
                bytes.writeBytes(chunk.bytes());
            }
        }
        return bytes.toByteArray();
    }

    private BufferedImage screencap() throws IOException, DisconnectException, NoAnswerException, InterruptedException {
        return ImageIO.read(new ByteArrayInputStream(bytes(phone.execute("screencap -p"), false)));
    }

    /** Opens a new note, whose text has the focus. */
    private void openNewNote() throws Exception {
        phone.read(screen -> screen.launch("备忘录"));
        output("input tap 930 2130");
        output("input tap 324 720");
    }

    /** Leaves a note, which saves it, and returns its text. */
    private String savedNote() throws Exception {
        output("input keyevent 4");
        return phone.read(screen -> screen.state().notes().get(0).text());
    }

    private static List<String> lines(AndroidPhone phone) {
        return phone.commands().stream().map(DemoPhone.Command::line).toList();
    }

    @Test
    void properties_describeThePhone() throws Exception {
        assertThat(output("getprop"))
                .contains(
                        "[ro.product.model]: [Demo Phone]\n",
                        "[ro.serialno]: [S1]\n",
                        "[ro.build.version.sdk]: [34]\n");
        assertThat(output("wm size")).isEqualTo("Physical size: 1080x2400\n");
    }

    @Test
    void files_areReadAndDeleted() throws Exception {
        output("uiautomator dump /sdcard/x");
        assertThat(output("cat /sdcard/x")).startsWith("<?xml");
        assertThat(output("rm /sdcard/x; cat /sdcard/x")).isEqualTo("exit 1");
        assertThat(output("rm -f /sdcard/x")).isEmpty();
        assertThat(output("rm /sdcard/x; echo 'a  b'")).isEqualTo("a  b\n");
    }

    @Test
    void unknownProgramsAndUnsupportedSyntax_areRejected() throws Exception {
        Answer unknown = phone.execute("foo bar");
        assertThat(unknown.exitCode()).isEqualTo(127);
        assertThat(text(unknown, true)).isEqualTo("/system/bin/sh: foo: inaccessible or not found\n");

        Answer answer = phone.execute("echo a; echo b | cat");

        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(text(answer, false)).isEmpty();
        assertThat(text(answer, true)).isEqualTo("/system/bin/sh: the simulated shell does not support '|'\n");
    }

    @ParameterizedTest
    @CsvSource({"1080,2400,0", "720,1280,0", "1080,2400,1", "1812,2176,3"})
    void tapOnANodeOfTheTree_reachesIt(int width, int height, int rotation) throws Exception {
        phone.resize(width, height);
        phone.rotate(rotation);
        tapText("设置");

        assertThat(output("dumpsys window"))
                .contains("mCurrentFocus=Window{2d6c1f8 u0 com.android.settings/com.android.settings.MainActivity}");
        tapText("声音与振动");
        assertThat(output("uiautomator dump /dev/tty")).contains("text=\"来电铃声\"", "android.widget.SeekBar");
        assertThat(screencap().getWidth()).isEqualTo(rotation % 2 == 0 ? width : height);
    }

    private void tapText(String text) throws Exception {
        String xml = output("uiautomator dump /dev/tty");
        String node = xml.substring(xml.indexOf("text=\"" + text + "\""));
        String[] bounds = node.replaceAll("(?s)^.*?bounds=\"\\[(\\d+),(\\d+)]\\[(\\d+),(\\d+)].*", "$1 $2 $3 $4")
                .split(" ");
        int x = (Integer.parseInt(bounds[0]) + Integer.parseInt(bounds[2])) / 2;
        int y = (Integer.parseInt(bounds[1]) + Integer.parseInt(bounds[3])) / 2;
        assertThat(output("input tap " + x + " " + y)).isEmpty();
    }

    @Test
    void uiautomatorDump_hasTheFieldWithItsText_andNoKeyboard() throws Exception {
        openNewNote();
        output("input text 'a<b>&\"c\"'");
        assertThat(output("uiautomator dump")).isEqualTo("UI hierchary dumped to: /sdcard/window_dump.xml\n");

        assertThat(output("cat /sdcard/window_dump.xml"))
                .contains(
                        "text=\"a&lt;b&gt;&amp;&quot;c&quot;\"",
                        "class=\"android.widget.EditText\"",
                        "focused=\"true\"")
                .doesNotContain("空格");
    }

    @Test
    void uiautomatorDump_ofADialog_hasOnlyTheDialog() throws Exception {
        output("monkey -p com.android.settings 1");
        output("input tap 540 742");
        output("input swipe 411 571 968 571 300");

        assertThat(output("uiautomator dump /dev/tty")).contains("音量过高提醒", "确定").doesNotContain("来电铃声");
    }

    @Test
    void keys_goBackAndHome_andChangeTheVolume() throws Exception {
        output("input keyevent 24 KEYCODE_VOLUME_UP KEYCODE_VOLUME_DOWN");
        assertThat(phone.<Integer>read(screen -> screen.state().volume(Stream.MEDIA)))
                .isEqualTo(42);

        output("monkey -p com.android.settings 1");
        output("input tap 540 742");
        output("input keyevent 4");
        assertThat(output("uiautomator dump /dev/tty")).contains("声音与振动", "显示与亮度");
        output("input keyevent KEYCODE_HOME");

        assertThat(output("dumpsys window")).contains("mFocusedApp=ActivityRecord{4b1f0c7 u0 com.android.launcher3/");
    }

    @Test
    void sleepKey_switchesTheScreenOff_untilAWakeKey() throws Exception {
        output("input keyevent KEYCODE_SLEEP");
        assertThat(output("dumpsys power")).contains("mWakefulness=Asleep");
        assertThat(screencap().getRGB(64, 70)).isEqualTo(0xFF000000);
        assertThat(text(phone.execute("uiautomator dump"), true)).startsWith("ERROR: null root node");
        output("input tap 163 1520");
        output("input keyevent KEYCODE_WAKEUP");

        assertThat(output("dumpsys power")).contains("mWakefulness=Awake");
        assertThat(output("dumpsys window")).contains("com.android.launcher3/");
        assertThat(screencap().getRGB(540, 1200)).isNotEqualTo(0xFF000000);
    }

    @Test
    void lockedPhone_ignoresTouchesAndKeys() throws Exception {
        output("monkey -p com.android.weather 1");
        phone.setLocked(true);
        output("input keyevent KEYCODE_HOME");

        assertThat(output("dumpsys window policy")).contains("showing=true");
        assertThat(output("uiautomator dump /dev/tty")).contains("输入密码以解锁").doesNotContain("设置");
        phone.setLocked(false);
        assertThat(output("dumpsys window policy")).contains("showing=false");
        assertThat(output("dumpsys window")).contains("com.android.weather/");
    }

    @Test
    void editingKeys_moveTheCursorWithinItsLine_andDeleteAtIt() throws Exception {
        openNewNote();
        phone.read(screen -> screen.type("one\ntwo😀"));
        output("input keyevent KEYCODE_MOVE_HOME KEYCODE_DEL KEYCODE_DPAD_LEFT KEYCODE_FORWARD_DEL");
        output("input text -");
        output("input keyevent 123 67 66");

        assertThat(savedNote()).isEqualTo("on-two\n");
    }

    @Test
    void dumpsysInputMethod_showsWhetherATextFieldHasTheFocus() throws Exception {
        assertThat(output("dumpsys input_method")).contains("mInputShown=false", "mServedInputConnection=null");
        openNewNote();

        assertThat(output("dumpsys input_method"))
                .contains("mInputShown=true", "mServedInputConnection=RemoteInputConnectionImpl{");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"input", "input fly", "input tap 1", "input tap a b", "input swipe 1 2 3", "input keyevent"})
    void input_withWrongArguments_exitsWith255(String line) throws Exception {
        Answer answer = phone.execute(line);

        assertThat(answer.exitCode()).isEqualTo(255);
        assertThat(text(answer, true)).isNotEmpty();
    }

    @Test
    void inputText_typesAsciiOnly() throws Exception {
        openNewNote();
        assertThat(output("input text 'buy%smilk'")).isEmpty();
        Answer chinese = phone.execute("input text 带伞");

        assertThat(chinese.exitCode()).isEqualTo(255);
        assertThat(text(chinese, true)).contains("NullPointerException");
        assertThat(savedNote()).isEqualTo("buy milk");
    }

    @Test
    void adbKeyboard_typesWhileItIsSelected() throws Exception {
        assertThat(output("settings get secure default_input_method"))
                .isEqualTo("com.android.inputmethod.latin/.LatinIME\n");
        openNewNote();
        output("am broadcast -a ADB_INPUT_B64 --es msg aWdub3JlZA==");
        assertThat(output("ime set com.android.adbkeyboard/.AdbIME"))
                .isEqualTo("Input method com.android.adbkeyboard/.AdbIME selected for user #0\n");
        output("am broadcast -a ADB_INPUT_B64 --es msg b25l");
        output("am broadcast -a ADB_CLEAR_TEXT");
        assertThat(output("am broadcast -a ADB_INPUT_B64 --es msg 5bim5Lye"))
                .endsWith("Broadcast completed: result=0\n");
        assertThat(output("am broadcast -a ADB_INPUT_B64 --es msg ")).endsWith("exit 255");
        assertThat(output("settings get secure default_input_method")).isEqualTo("com.android.adbkeyboard/.AdbIME\n");

        assertThat(savedNote()).isEqualTo("带伞");
    }

    @Test
    void adbKeyboard_absentOrDisabled_cannotBeSelected() throws Exception {
        AndroidPhone absent = phone(AdbKeyboard.ABSENT, Delays.NONE, false);
        AndroidPhone disabled = phone(AdbKeyboard.DISABLED, Delays.NONE, false);

        assertThat(output(absent, "ime list -a -s")).isEqualTo("com.android.inputmethod.latin/.LatinIME\n");
        assertThat(output(disabled, "ime list -s")).isEqualTo("com.android.inputmethod.latin/.LatinIME\n");
        assertThat(output(disabled, "ime list -a -s")).contains("com.android.adbkeyboard/.AdbIME");
        assertThat(output(disabled, "ime set com.android.adbkeyboard/.AdbIME")).isEqualTo("exit 255");
    }

    @Test
    void packages_areLaunchedIfInstalled() throws Exception {
        assertThat(output("monkey -p com.example.none -c android.intent.category.LAUNCHER 1"))
                .endsWith("exit 252");
        assertThat(output("monkey -p com.android.weather -c android.intent.category.LAUNCHER 1"))
                .contains("Events injected: 1");
        assertThat(output("dumpsys window")).contains("com.android.weather/");
    }

    @Test
    void rotation_isReportedWithTheCurrentSize() throws Exception {
        phone.rotate(1);

        assertThat(output("dumpsys display"))
                .contains("orientation=1, logicalFrame=Rect(0, 0 - 2400, 1080)", "deviceWidth=2400, deviceHeight=1080");
        assertThat(output("dumpsys window")).contains("cur=2400x1080", "mCurrentRotation=ROTATION_90");
        assertThat(output("wm size")).isEqualTo("Physical size: 1080x2400\n");
    }

    @Test
    void secureScreen_isBlackButForTheBars_orRefused() throws Exception {
        phone.setSecureScreen(SecureScreen.BLACK);
        BufferedImage black = screencap();
        assertThat(black.getRGB(540, 1200)).isEqualTo(0xFF000000);
        assertThat(output("dumpsys window")).contains(" SECURE ");

        phone.setSecureScreen(SecureScreen.REFUSED);
        Answer refused = phone.execute("screencap -p");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(text(refused, true)).isEqualTo("Failed to take screenshot. Status: -1\n");

        phone.setSecureScreen(SecureScreen.OFF);
        assertThat(screencap().getRGB(540, 1200)).isNotEqualTo(0xFF000000);
        assertThat(output("dumpsys window")).doesNotContain(" SECURE ");
    }

    @Test
    void foldable_warnsWithoutADisplayId() throws Exception {
        AndroidPhone foldable = phone(AdbKeyboard.ENABLED, Delays.NONE, true);
        Answer warned = foldable.execute("screencap -p");
        String id = Display.ID;

        assertThat(warned.chunks().get(0).error()).isTrue();
        assertThat(text(warned, true)).startsWith("[Warning] Multiple displays were found");
        assertThat(text(foldable.execute("screencap -p -d " + id), true)).isEmpty();
        assertThat(foldable.execute("screencap -p -d 5").exitCode()).isEqualTo(1);
        assertThat(output(foldable, "dumpsys display")).contains("local:" + id, "isActive=false, displayId=3");
    }

    @Test
    void faults_applyToMatchingCommands_inOrder_untilTheyAreCleared() throws Exception {
        phone.faults().add("echo", new Fault.Answer("no", "", 1), 5);
        assertThat(output("echo x")).isEqualTo("noexit 1");
        phone.faults().clear();
        assertThat(output("echo x")).isEqualTo("x\n");

        phone.faults().add("uiautomator", Fault.NOT_IDLE);
        phone.faults().add("uiautomator", Fault.NULL_ROOT);
        phone.faults().add("screencap", new Fault.TextBefore("WARNING\n"));
        phone.faults().add("screencap", new Fault.BlackScreen());

        assertThat(text(phone.execute("uiautomator dump"), true)).isEqualTo("ERROR: could not get idle state.\n");
        assertThat(text(phone.execute("uiautomator dump"), true)).startsWith("ERROR: null root node");
        assertThat(output("uiautomator dump")).startsWith("UI hierchary");
        assertThat(bytes(phone.execute("screencap -p"), false)).startsWith("WARNING\n\u0089PNG".getBytes("ISO-8859-1"));
        assertThat(screencap().getRGB(540, 40)).isEqualTo(0xFF000000);
        assertThat(screencap().getRGB(540, 1200)).isNotEqualTo(0xFF000000);
    }

    @Test
    void faults_ofTheConnection_recordTheCommandOnlyIfItIsExecuted() throws Exception {
        phone.faults().add("one", new Fault.Disconnect(false));
        phone.faults().add("two", new Fault.Disconnect(true));
        phone.faults().add("three", new Fault.NoAnswer(false));
        phone.faults().add("four", new Fault.NoAnswer(true));
        phone.faults().add("five", new Fault.DisconnectWithin(2));

        assertThatThrownBy(() -> phone.execute("echo one")).isInstanceOf(DisconnectException.class);
        assertThatThrownBy(() -> phone.execute("echo two")).isInstanceOf(DisconnectException.class);
        assertThatThrownBy(() -> phone.execute("echo three")).isInstanceOf(NoAnswerException.class);
        assertThatThrownBy(() -> phone.execute("echo four")).isInstanceOf(NoAnswerException.class);
        assertThat(phone.execute("echo five").bytesBeforeDisconnect()).isEqualTo(2);
        assertThat(lines(phone)).containsExactly("echo two", "echo four", "echo five");
    }

    @Test
    void delays_areAtLeastTheConfiguredTime() throws Exception {
        Delays delays = new Delays(Duration.ZERO, Duration.ofMillis(30), Duration.ZERO, true);
        AndroidPhone slow = phone(AdbKeyboard.ENABLED, delays, false);
        long start = System.nanoTime();
        slow.execute("input swipe 1 1 2 2 40; input tap 1 1");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(List.of(Delays.PHONE.screenshot(), Delays.PHONE.input(), Delays.PHONE.tree()))
                .containsExactly(Duration.ofMillis(400), Duration.ofMillis(150), Duration.ofMillis(1500));
    }
}
