package dev.steptrail.cli.doctor;

import dev.steptrail.cli.phone.PhoneReport;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceInfo;
import dev.steptrail.phone.model.ChatClient;
import dev.steptrail.phone.model.ChatException;
import dev.steptrail.phone.model.ChatInterruptedException;
import dev.steptrail.phone.model.ModelSettings;
import dev.steptrail.shipper.Doctor.Finding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Checks what {@code steptrail run} needs: adb, the attached phones and the model's server. A machine without them is
 * fine, because it may only ship. Starts no adb server, and asks the model nothing. Not thread-safe.
 */
final class PhoneChecks {
    private static final int CONNECT_MILLIS = 1000;
    private static final Duration VERSION_TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_MODELS = 10;

    private final Map<String, String> environment;
    private final List<Finding> findings = new ArrayList<>();

    /** @param environment the environment variables */
    PhoneChecks(Map<String, String> environment) {
        this.environment = environment;
    }

    List<Finding> run() throws InterruptedException {
        findings.clear();
        try {
            checkPhones(AdbSettings.fromEnvironment(environment));
        } catch (IllegalArgumentException e) {
            fail("adb", String.valueOf(e.getMessage()));
        }
        checkModel();
        return List.copyOf(findings);
    }

    private void checkPhones(AdbSettings settings) throws InterruptedException {
        Optional<String> version = adbVersion(settings.adbBinary());
        String server = settings.serverHost() + ":" + settings.serverPort();
        String serial = environment.getOrDefault("ANDROID_SERIAL", "");
        if (!answers(settings)) {
            findings.add(new Finding(
                    "adb",
                    version.isPresent() || serial.isBlank(),
                    version.map(found -> found + "; no server runs at " + server
                                    + ", so phones were not checked: steptrail devices starts it")
                            .orElse("not installed; only the commands that operate phones need it (docs/phone.md)")));
            return;
        }
        try {
            List<PhoneReport> phones = PhoneReport.all(settings);
            pass("adb", version.orElse("not on the PATH") + "; a server runs at " + server);
            if (!serial.isBlank()
                    && phones.stream().noneMatch(phone -> phone.serial().equals(serial))) {
                fail("phone " + serial, "not attached: connect it, or correct ANDROID_SERIAL");
            } else if (phones.isEmpty()) {
                pass("phones", AdbDevices.NONE_ATTACHED);
            }
            phones.forEach(this::add);
        } catch (DeviceException e) {
            fail("adb", String.valueOf(e.getMessage()));
        }
    }

    private void add(PhoneReport phone) {
        String what = "phone " + phone.serial();
        String advice = phone.advice() == null ? "" : phone.advice();
        if (phone.state().equals(PhoneReport.IN_USE)) {
            pass(what, advice);
            return;
        }
        DeviceInfo info = phone.info();
        String name = info == null
                ? ""
                : info.model() + ", Android " + info.androidVersion() + ", "
                        + info.screen().width() + " x " + info.screen().height() + " pixels, ";
        String message = name + phone.state() + (advice.isEmpty() ? "" : ": " + advice);
        findings.add(new Finding(what, phone.state().equals(PhoneReport.READY), message));
    }

    /** Returns the version that {@code adb} prints; empty if it is not installed. */
    private static Optional<String> adbVersion(String adb) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(adb, "version").redirectErrorStream(true).start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(VERSION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    return Optional.of("'" + adb + " version' does not end");
                }
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return Optional.of(output.lines()
                        .filter(line -> line.startsWith("Version "))
                        .map(line -> line.replaceFirst("Version ", "version "))
                        .findFirst()
                        .orElse(output.strip()));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean answers(AdbSettings settings) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(settings.serverHost(), settings.serverPort()), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void checkModel() throws InterruptedException {
        String url = environment.getOrDefault("STEPTRAIL_MODEL_URL", "");
        if (url.isBlank()) {
            pass("model", "not checked: set STEPTRAIL_MODEL_URL or --model-url; only steptrail run needs a model");
            return;
        }
        String name = environment.getOrDefault("STEPTRAIL_MODEL", "");
        try {
            ModelSettings settings = ModelSettings.of(url, name.isBlank() ? ModelSettings.DEFAULT_MODEL : name);
            Optional<List<String>> listed =
                    ChatClient.fromEnvironment(settings, environment).models();
            String server = settings.baseUrl().toString();
            List<String> models = listed.orElse(List.of());
            if (listed.isEmpty()) {
                pass(
                        "model",
                        "not checked: the server does not list its models at " + server
                                + "/models; try steptrail run --dry-run");
            } else if (models.isEmpty()) {
                fail("model", server + " provides no model: load '" + settings.model() + "'");
            } else if (models.contains(settings.model())) {
                pass("model", server + " provides " + settings.model());
            } else {
                String provided = models.stream().limit(MAX_MODELS).collect(Collectors.joining(", "))
                        + (models.size() > MAX_MODELS ? ", …" : "");
                fail(
                        "model",
                        server + " does not provide '" + settings.model() + "', but " + provided
                                + ": set STEPTRAIL_MODEL or --model");
            }
        } catch (IllegalArgumentException | ChatException e) {
            fail("model", String.valueOf(e.getMessage()));
        } catch (ChatInterruptedException e) {
            throw new InterruptedException(e.getMessage());
        }
    }

    private void pass(String what, String message) {
        findings.add(new Finding(what, true, message));
    }

    private void fail(String what, String message) {
        findings.add(new Finding(what, false, message));
    }
}
