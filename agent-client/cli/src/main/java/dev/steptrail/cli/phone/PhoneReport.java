package dev.steptrail.cli.phone;

import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.adb.AttachedPhone;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceInfo;
import dev.steptrail.phone.device.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a phone can be used, and what to do.
 *
 * @param state {@value #READY}, {@value #IN_USE}, {@code locked}, {@code screen off}, {@code failed}, or what adb
 *     reports, such as {@code unauthorized}
 * @param model as adb or the phone reports it
 * @param info null if the phone was not asked
 * @param readiness null if the phone was not asked
 * @param advice null if nothing has to be done
 */
public record PhoneReport(
        String serial,
        String state,
        @Nullable String model,
        @Nullable DeviceInfo info,
        @Nullable Readiness readiness,
        @Nullable String advice) {
    public static final String READY = "ready";

    /** Shorter than for a task, because a phone that is lost is reported too. */
    private static final Duration RECONNECT = Duration.ofSeconds(5);

    /** Another process has opened the phone. */
    public static final String IN_USE = "in use";

    /** Returns a report on each attached phone. Starts the adb server if it does not run. */
    public static List<PhoneReport> all(AdbSettings settings) throws DeviceException, InterruptedException {
        AdbDevices devices =
                new AdbDevices(settings.withTimeouts(settings.timeouts().withReconnect(RECONNECT)));
        List<PhoneReport> reports = new ArrayList<>();
        for (AttachedPhone phone : devices.list()) {
            reports.add(of(phone, devices));
        }
        return reports;
    }

    /**
     * Queries an attached phone, unless adb reports that it cannot be used, or another process uses it. Does not lock
     * it, so that a command that starts at the same time can use it.
     */
    private static PhoneReport of(AttachedPhone phone, AdbDevices devices) throws InterruptedException {
        if (phone.advice() != null) {
            return of(phone, phone.state(), phone.advice());
        }
        try {
            String user = devices.findUser(phone.serial());
            if (user != null) {
                return of(phone, IN_USE, user + "; wait until it ends, or stop it");
            }
            try (Device device = devices.openForQueries(phone.serial())) {
                return of(device);
            }
        } catch (DeviceException e) {
            return of(phone, "failed", withoutSerial(e, phone));
        }
    }

    private static PhoneReport of(AttachedPhone phone, String state, @Nullable String advice) {
        return new PhoneReport(phone.serial(), state, phone.model(), null, null, advice);
    }

    private static String withoutSerial(DeviceException e, AttachedPhone phone) {
        String message = String.valueOf(e.getMessage());
        String prefix = phone.serial() + ": ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }

    /** Asks a phone. */
    static PhoneReport of(Device phone) throws DeviceException, InterruptedException {
        DeviceInfo info = phone.info();
        Readiness readiness = phone.readiness();
        String serial = phone.serial();
        return new PhoneReport(serial, state(readiness), info.model(), info, readiness, advice(readiness, serial));
    }

    /**
     * Asks a phone whether an agent can operate it now.
     *
     * @throws DeviceException if not; the message says why, and what to do
     */
    static void requireReady(Device phone) throws DeviceException, InterruptedException {
        Readiness readiness = phone.readiness();
        String state = state(readiness);
        if (!state.equals(READY)) {
            throw new DeviceException(phone.serial() + ": " + state + ": " + advice(readiness, phone.serial()));
        }
    }

    private static String state(Readiness readiness) {
        return readiness.locked() ? "locked" : readiness.screenOn() ? READY : "screen off";
    }

    private static @Nullable String advice(Readiness readiness, String serial) {
        if (readiness.locked()) {
            return "unlock it, and disable its screen lock: an agent cannot unlock it";
        }
        if (!readiness.screenOn()) {
            return "run 'steptrail press wake --device " + serial
                    + "', and enable 'Stay awake' in its developer options";
        }
        return switch (readiness.adbKeyboard()) {
            case ENABLED -> null;
            case DISABLED ->
                "types only ASCII; for other text run 'adb -s " + serial
                        + " shell ime enable com.android.adbkeyboard/.AdbIME'";
            case ABSENT -> "types only ASCII; for other text install ADB Keyboard (docs/phone.md)";
        };
    }
}
