package dev.steptrail.cli.phone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.SteptrailTestBase;
import dev.steptrail.cli.SteptrailTestBase.Run;
import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.Fault;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.Key;
import dev.steptrail.shipper.fixture.JavaProcess;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for trying a phone, with the real adb and a simulated phone. */
@Tag("slow")
class PhoneCommandsIT {
    @TempDir
    private Path folder;

    private PhoneLab lab;

    @BeforeEach
    void start() throws Exception {
        lab = new PhoneLab(folder, 1, request -> {
            throw new AssertionError("no command asks the model");
        });
    }

    @AfterEach
    void stop() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    private List<String> inputs() {
        return lab.phone(0).commands().stream()
                .map(DemoPhone.Command::line)
                .filter(line -> line.startsWith("input ") || line.startsWith("monkey "))
                .toList();
    }

    private Run succeeds(String command) {
        Run run = lab.run(command.split(" "));
        assertThat(run.err()).as(command).isEmpty();
        assertThat(run.exitCode()).as(command).isZero();
        return run;
    }

    @Test
    void inputs_areSentOnceEach() {
        for (String command : List.of("tap 100 200", "swipe 1 2 3 4 --ms 50", "press recents", "launch Settings")) {
            succeeds(command);
        }

        assertThat(inputs())
                .containsExactly(
                        "input tap 100 200",
                        "input swipe 1 2 3 4 50",
                        "input keyevent KEYCODE_APP_SWITCH",
                        "monkey -p com.android.settings -c android.intent.category.LAUNCHER 1");
        assertThat(succeeds("app").out()).startsWith("com.android.settings/");
    }

    @Test
    void press_knowsEachKey() {
        for (Key key : Key.values()) {
            succeeds("press " + key.name().replace('_', '-'));
        }

        assertThat(inputs()).hasSize(Key.values().length);
        Run unknown = lab.run("press", "up");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("'up' is not a key (expected one of back, home, ");
    }

    @Test
    void pointOutsideOfTheScreen_exitsWith2_andSendsNothing() {
        lab.phone(0).rotate(1); // 1200 x 540
        for (String command : List.of("tap 1200 1", "tap 1 540", "swipe 1 1 1 540", "tap -- -1 2", "tap 1")) {
            assertThat(lab.run(command.split(" ")).exitCode()).as(command).isEqualTo(2);
        }

        assertThat(lab.run("tap", "1200", "1").err())
                .contains("the point 1200 1 is outside of the screen of "
                        + lab.phone(0).address() + ": expected 0 0 to 1199 539");
        assertThat(inputs()).isEmpty();
        succeeds("tap 1199 539");
    }

    @Test
    void type_withoutAFocusedField_exitsWith1_andTypesNothing() {
        Run run = lab.run("type", "buy milk");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("steptrail: " + lab.phone(0).address() + ": no text field has the focus; tap one, then type"
                        + System.lineSeparator());
        assertThat(lab.phone(0).commands()).noneMatch(command -> command.line().startsWith("ime "));
    }

    @Test
    void type_replacesTheTextOfTheFocusedField() {
        for (String command :
                List.of("launch com.android.notes", "tap 465 1065", "tap 162 360", "type 带伞", "press back")) {
            succeeds(command);
        }

        assertThat(lab.phone(0)
                        .<String>screen(screen -> screen.state().notes().get(0).text()))
                .isEqualTo("带伞");
    }

    @Test
    void launch_ofAnAppThatIsNotInstalled_exitsWith1() {
        Run named = lab.run("launch", "WeChat");

        assertThat(named.exitCode()).isEqualTo(1);
        assertThat(named.err())
                .startsWith("steptrail: 'WeChat' is not installed on "
                        + lab.phone(0).address() + " (com.tencent.mm); 'adb shell pm list packages' lists");
        assertThat(lab.run("launch", "com.example.none").err())
                .startsWith("steptrail: 'com.example.none' is not installed on "
                        + lab.phone(0).address() + "; ");
        assertThat(lab.run("launch", "nothing").err()).contains("unknown app 'nothing': give its package");
    }

    @Test
    void screenshotAndTree_areWrittenToFiles() throws Exception {
        Path png = folder.resolve("screen.PNG");
        Path xml = folder.resolve("screen.xml");

        assertThat(succeeds("screenshot " + png).out())
                .isEqualTo("saved " + png + " (540 x 1200 pixels)" + System.lineSeparator());
        assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(540);
        assertThat(succeeds("tree " + xml).out()).startsWith("saved " + xml + " (");
        assertThat(xml).content().startsWith("<?xml").endsWith("</hierarchy>");
        assertThat(succeeds("tree").out().strip()).isEqualTo(Files.readString(xml));
    }

    @Test
    void screenshot_ofAnotherFormat_isWrongUsage() {
        Run run = lab.run("screenshot", folder.resolve("s.jpg").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("a screenshot is a PNG file, but FILE is '" + folder.resolve("s.jpg")
                        + "': use a name such as '" + folder.resolve("s.png") + "'");
        assertThat(lab.phone(0).commands()).isEmpty();
    }

    @Test
    void dash_writesOnlyTheContentToStandardOutput() throws Exception {
        assertThat(ImageIO.read(new ByteArrayInputStream(output("screenshot", "-")))
                        .getHeight())
                .isEqualTo(1200);
        assertThat(new String(output("tree", "-"), UTF_8)).startsWith("<?xml").contains("设置");
    }

    private byte[] output(String... command) throws Exception {
        ProcessBuilder builder =
                JavaProcess.of(Steptrail.class, command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(lab.environment());
        Process process = builder.start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return output;
    }

    @Test
    void screenshot_toATerminal_isWrongUsage() throws Exception {
        ProcessBuilder builder = JavaProcess.of(List.of("-Dsteptrail.columns=80"), Steptrail.class, "screenshot", "-")
                .redirectErrorStream(true);
        builder.environment().putAll(lab.environment());
        Process process = builder.start();

        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .startsWith("steptrail: a PNG file cannot be shown in a terminal");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void screenshot_thatCannotBeWrittenToStandardOutput_exitsWith1() throws Exception {
        File full = new File("/dev/full");
        assumeTrue(full.exists(), "skipped: no /dev/full");
        ProcessBuilder builder =
                JavaProcess.of(Steptrail.class, "screenshot", "-").redirectOutput(full);
        builder.environment().putAll(lab.environment());
        Process process = builder.start();

        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                .startsWith("steptrail: cannot write to standard output");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void devices_showTheState_andWhatToDo() throws Exception {
        String serial = lab.phone(0).address();
        assertThat(succeeds("devices").out()).contains(serial).contains("ready").contains("540x1200");

        lab.phone(0).setLocked(true);
        Run locked = lab.run("devices");
        assertThat(locked.exitCode()).isEqualTo(6);
        assertThat(locked.out()).containsPattern("locked .*unlock it");
        lab.phone(0).setLocked(false);
        succeeds("press sleep");
        assertThat(lab.run("devices").out()).contains("screen off").contains("steptrail press wake --device " + serial);
        succeeds("press wake");

        AdbSettings settings = AdbSettings.fromEnvironment(lab.environment());
        try (Device ignored = new AdbDevices(settings).open(serial)) {
            Run used = lab.run("devices", "--json");
            assertThat(used.exitCode()).isEqualTo(6);
            JsonNode phone = new ObjectMapper().readTree(used.out()).at("/devices/0");
            assertThat(phone.path("state").asText()).isEqualTo("in use");
            assertThat(phone.path("advice").asText()).contains("in use by this process; wait until it ends");
        }
    }

    @Test
    void emptyDevice_isWrongUsage() {
        for (String command : List.of("tap 1 1", "run x", "run --suite " + folder)) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.addAll(List.of("--device", ""));
            Run run = lab.run(arguments.toArray(String[]::new));

            assertThat(run.exitCode()).as(command).isEqualTo(2);
            assertThat(run.err()).as(command).startsWith("steptrail: --device is empty; 'steptrail devices' lists");
        }
    }

    @Test
    void severalPhones_theMessageSaysHowToChoose() throws Exception {
        try (DemoPhone other = DemoPhone.start(DemoPhone.Options.defaults())) {
            lab.attach(other);
            Run run = lab.run("app");

            assertThat(run.exitCode()).isEqualTo(6);
            assertThat(run.err())
                    .startsWith("steptrail: several phones are attached; choose one with --device or ANDROID_SERIAL: ")
                    .contains(lab.phone(0).address())
                    .contains(other.address());
        }
    }

    @Test
    void help_ofDevices_namesOnlyTheVariableThatItReads() {
        assertThat(succeeds("devices --help").out())
                .contains("ANDROID_ADB_SERVER_PORT")
                .doesNotContain("ANDROID_SERIAL");
    }

    @Test
    void devices_whilePhonesAnswerSlowly_preventNoOtherCommand() throws Exception {
        String serial = lab.phone(0).address();
        lab.phone(0).faults().add("dumpsys power", new Fault.Slow(Duration.ofSeconds(3)));
        FutureTask<Run> devices = new FutureTask<>(() -> lab.run("devices"));
        new Thread(devices).start();
        while (lab.phone(0).commands().stream()
                .noneMatch(command -> command.line().equals("getprop"))) {
            Thread.sleep(5);
        }

        try (Device phone = new AdbDevices(AdbSettings.fromEnvironment(lab.environment())).open(serial)) {
            phone.tap(1, 2);
        }

        assertThat(devices.get().out()).contains("ready");
        assertThat(inputs()).containsExactly("input tap 1 2");
    }

    @Test
    void demoPhone_hasAName_andLeavesNoFiles() {
        Path home = folder.resolve("other");
        Run run = SteptrailTestBase.run(Map.of("HOME", home.toString()), "type", "x", "--demo-phone");

        assertThat(run.err()).startsWith("steptrail: demo-phone-1: no text field");
        assertThat(home).doesNotExist();
    }
}
