package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.adb.AttachedPhone;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The phones of {@code steptrail run}: one, or several for a suite. */
final class LabPhones {
    @Option(
            names = "--device",
            paramLabel = "SERIAL",
            description = "The phone (default: $ANDROID_SERIAL, or the only phone). For a suite, give it once for each"
                    + " phone (default: all phones that are ready).")
    private List<String> serials = List.of();

    @Option(
            names = "--demo-phone",
            description = "Use a simulated phone and a simulated model, which need neither adb nor a key. For a suite,"
                    + " give it once for each phone.")
    private boolean[] demoPhones = {};

    @Option(
            names = "--reconnect-timeout",
            paramLabel = "SECONDS",
            description = "How long to wait for a phone that was disconnected (default: 60).")
    private int reconnectSeconds = 60;

    /**
     * @param isOne whether the command operates one phone
     * @throws ParameterException if an option is not valid
     */
    void check(boolean isOne, SteptrailCommand command) {
        if (demoPhones.length > 0 && !serials.isEmpty()) {
            throw command.usageError("--demo-phone and --device exclude each other");
        }
        if (serials.stream().anyMatch(String::isBlank)) {
            throw command.usageError(DeviceOptions.EMPTY);
        }
        if (isOne && demoPhones.length + serials.size() > 1) {
            throw command.usageError("an instruction runs on one phone; several phones require --suite");
        }
        if (serials.size() != Set.copyOf(serials).size()) {
            throw command.usageError("--device names a phone twice");
        }
        command.requireAtLeast(1, "--reconnect-timeout", reconnectSeconds);
    }

    boolean areSimulated() {
        return demoPhones.length > 0;
    }

    /**
     * Opens the phone of an instruction.
     *
     * @throws DeviceException if it cannot be opened, or is not ready
     */
    OpenPhone openOne(SteptrailCommand command, Map<String, String> environment)
            throws IOException, DeviceException, InterruptedException {
        AdbDevices devices = devices(command, environment);
        if (areSimulated()) {
            return OpenPhone.startDemo(devices, 1);
        }
        String option = serials.isEmpty() ? null : serials.get(0);
        return ready(DeviceOptions.open(devices, option, environment));
    }

    /**
     * Opens the phones of a suite: those that the user has chosen, or all that are ready. Prints why it skips others.
     *
     * @param phones receives the phones, also if one of them cannot be opened; the caller closes them
     * @throws DeviceException if a chosen phone cannot be opened or is not ready, or if no phone is ready
     */
    void openAll(List<OpenPhone> phones, SteptrailCommand command, Map<String, String> environment)
            throws IOException, DeviceException, InterruptedException {
        AdbDevices devices = devices(command, environment);
        for (int number = 1; number <= demoPhones.length; number++) {
            phones.add(OpenPhone.startDemo(devices, number));
        }
        if (areSimulated()) {
            return;
        }
        String variable = DeviceOptions.serial(null, environment);
        List<String> chosen = serials.isEmpty() && variable != null ? List.of(variable) : serials;
        for (String serial : chosen) {
            phones.add(ready(devices.open(serial)));
        }
        if (chosen.isEmpty()) {
            openReady(phones, devices, command);
        }
    }

    private static void openReady(List<OpenPhone> phones, AdbDevices devices, SteptrailCommand command)
            throws DeviceException, InterruptedException {
        List<AttachedPhone> attached = devices.list();
        for (AttachedPhone phone : attached) {
            try {
                if (!phone.usable()) {
                    throw new DeviceException(phone.serial() + ": " + phone.state() + ": " + phone.advice());
                }
                phones.add(ready(devices.open(phone.serial())));
            } catch (DeviceException e) {
                command.printError("skipped " + e.getMessage());
            }
        }
        if (phones.isEmpty()) {
            throw new DeviceException(attached.isEmpty() ? AdbDevices.NONE_ATTACHED : "no attached phone is ready");
        }
    }

    /** Closes the phone if it is not ready. */
    private static OpenPhone ready(Device phone) throws DeviceException, InterruptedException {
        try {
            PhoneReport.requireReady(phone);
            return OpenPhone.of(phone);
        } catch (Exception e) {
            phone.close();
            throw e;
        }
    }

    private AdbDevices devices(SteptrailCommand command, Map<String, String> environment) {
        AdbSettings settings = DeviceOptions.settings(command, environment);
        return new AdbDevices(
                settings.withTimeouts(settings.timeouts().withReconnect(Duration.ofSeconds(reconnectSeconds))));
    }
}
