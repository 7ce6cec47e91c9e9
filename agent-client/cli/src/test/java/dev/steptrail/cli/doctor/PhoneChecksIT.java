package dev.steptrail.cli.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.phone.PhoneLab;
import dev.steptrail.demophone.DemoModel;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.device.Device;
import dev.steptrail.shipper.Doctor.Finding;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.ReservedPorts;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of phones and models with the real adb, a simulated phone and a simulated model. */
@Tag("slow")
class PhoneChecksIT {
    private static final String KEY = "sk-secret";

    @TempDir
    private Path folder;

    private PhoneLab lab;

    @BeforeEach
    void start() throws Exception {
        lab = new PhoneLab(folder, 1, request -> {
            throw new AssertionError("no check asks the model");
        });
        lab.environment().put("STEPTRAIL_MODEL", DemoModel.NAME);
        lab.environment().put("STEPTRAIL_MODEL_KEY", KEY);
    }

    @AfterEach
    void stop() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    private Finding finding(String what) throws InterruptedException {
        List<Finding> findings = new PhoneChecks(lab.environment()).run();
        assertThat(findings.toString()).doesNotContain(KEY);
        return findings.stream()
                .filter(finding -> finding.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    private Finding phone() throws InterruptedException {
        return finding("phone " + lab.phone(0).address());
    }

    @Test
    void readyPhoneAndModel_pass() throws Exception {
        assertThat(new PhoneChecks(lab.environment()).run())
                .allMatch(Finding::ok)
                .extracting(Finding::what)
                .containsExactly("adb", "phone " + lab.phone(0).address(), "model");
        assertThat(finding("adb").message()).matches("version \\S+; a server runs at 127\\.0\\.0\\.1:\\d+");
        assertThat(phone().message()).isEqualTo("Demo Phone, Android 14, 540 x 1200 pixels, ready");
        assertThat(finding("model").message())
                .isEqualTo(lab.environment().get("STEPTRAIL_MODEL_URL") + " provides demo");
    }

    @Test
    void lockedPhone_fails() throws Exception {
        lab.phone(0).setLocked(true);

        assertThat(phone().ok()).isFalse();
        assertThat(phone().message()).contains("locked: unlock it");
    }

    @Test
    void phoneInUse_passes() throws Exception {
        AdbSettings settings = AdbSettings.fromEnvironment(lab.environment());
        try (Device ignored = new AdbDevices(settings).open(lab.phone(0).address())) {
            assertThat(phone().ok()).isTrue();
            assertThat(phone().message()).startsWith("the phone is already in use by this process");
        }
    }

    @Test
    void selectedPhoneThatIsNotAttached_fails() throws Exception {
        lab.environment().put("ANDROID_SERIAL", "28151FDH2000A");

        assertThat(finding("phone 28151FDH2000A").ok()).isFalse();
        assertThat(phone().ok()).isTrue();
    }

    @Test
    void missingAdb_failsOnlyIfAPhoneIsSelected() throws Exception {
        String notInstalled = "adb: not installed; only the commands that operate phones need it (docs/phone.md)";
        Map<String, String> without = Map.of(
                "PATH",
                folder.toString(),
                "HOME",
                folder.toString(),
                "ANDROID_ADB_SERVER_PORT",
                Integer.toString(ReservedPorts.reserve()));

        assertThat(doctor(without))
                .contains("ok   " + notInstalled)
                .contains(
                        "ok   shipping: not checked: set STEPTRAIL_QUEUE_URL and STEPTRAIL_BUCKET to deliver from this"
                                + " machine; until then, recordings remain in the outbox")
                .as("a machine that does not ship")
                .allMatch(line -> line.startsWith("ok "));
        Map<String, String> incomplete = new HashMap<>(without);
        incomplete.put("STEPTRAIL_BUCKET", "b");
        assertThat(doctor(incomplete)).anyMatch(line -> line.startsWith("FAIL settings: STEPTRAIL_QUEUE_URL"));
        Map<String, String> selected = new HashMap<>(without);
        selected.put("ANDROID_SERIAL", "28151FDH2000A");
        assertThat(doctor(selected)).contains("FAIL " + notInstalled);
    }

    private static List<String> doctor(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = JavaProcess.of(Steptrail.class, "doctor").redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
    }

    @Test
    void disconnectedPhone_fails() throws Exception {
        lab.phone(0).close();

        assertThat(phone().ok()).isFalse();
    }

    @Test
    void modelThatTheServerDoesNotProvide_fails() throws Exception {
        lab.environment().put("STEPTRAIL_MODEL", "other");

        assertThat(finding("model").ok()).isFalse();
        assertThat(finding("model").message())
                .endsWith(" does not provide 'other', but demo: set STEPTRAIL_MODEL or --model");
    }
}
