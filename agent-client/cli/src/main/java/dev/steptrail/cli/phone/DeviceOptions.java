package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.phone.run.OpenPhone;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that operates one phone. */
final class DeviceOptions {
    /** The variable that a command reads which does not open one phone. */
    static final String SERVER_VARIABLE = "%n  ANDROID_ADB_SERVER_PORT  port of the adb server (default: 5037)";

    static final String VARIABLES = "%n  ANDROID_SERIAL       the phone, unless --device is given" + SERVER_VARIABLE;

    static final String EMPTY = "--device is empty; 'steptrail devices' lists the attached phones";

    static final String ENVIRONMENT = "%nEnvironment:" + VARIABLES;

    @Option(
            names = "--device",
            paramLabel = "SERIAL",
            description = "The phone, as listed by steptrail devices (default: $ANDROID_SERIAL, or the only phone).")
    private @Nullable String serial;

    @Option(
            names = "--demo-phone",
            description = "Use a simulated phone, which is started for this command and shows its home screen. It needs"
                    + " neither adb nor a phone.")
    private boolean demoPhone;

    /** Opens the phone. Closing it also stops a simulated phone. */
    OpenPhone open(SteptrailCommand command, Map<String, String> environment)
            throws IOException, DeviceException, InterruptedException {
        if (demoPhone && serial != null) {
            throw command.usageError("--demo-phone and --device exclude each other");
        }
        if (serial != null && serial.isBlank()) {
            throw command.usageError(EMPTY);
        }
        AdbDevices devices = new AdbDevices(settings(command, environment));
        return demoPhone ? OpenPhone.startDemo(devices, 1) : OpenPhone.of(open(devices, serial, environment));
    }

    /**
     * Opens a phone that is attached.
     *
     * @param option the value of {@code --device}; null for {@code ANDROID_SERIAL} or the only phone
     */
    static Device open(AdbDevices devices, @Nullable String option, Map<String, String> environment)
            throws DeviceException, InterruptedException {
        String chosen = serial(option, environment);
        return chosen == null ? devices.openOnly() : devices.open(chosen);
    }

    static AdbSettings settings(SteptrailCommand command, Map<String, String> environment) {
        try {
            return AdbSettings.fromEnvironment(environment);
        } catch (IllegalArgumentException e) {
            throw command.usageError(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the serial number of the phone to open; null for the only one. */
    static @Nullable String serial(@Nullable String option, Map<String, String> environment) {
        String variable = environment.getOrDefault("ANDROID_SERIAL", "");
        return option != null || variable.isBlank() ? option : variable;
    }
}
