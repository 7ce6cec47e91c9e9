package dev.steptrail.phone.adb;

import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceInUseException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds and opens Android phones. Phones need Android 7 or later, which has a shell that acknowledges commands. Nothing
 * is installed on a phone. Thread-safe.
 */
public final class AdbDevices {
    /** What is wrong and what to do if {@link #list} is empty. */
    public static final String NONE_ATTACHED =
            "no phone is attached; connect one by USB and enable USB debugging in its"
                    + " developer options, or run 'adb connect HOST:PORT'";

    private final AdbSettings settings;
    private final AdbServer server;

    public AdbDevices(AdbSettings settings) {
        this.settings = settings;
        this.server = new AdbServer(settings);
    }

    /**
     * Returns the phones that the adb server knows, usable or not. Starts the server if it runs on this machine and is
     * not there.
     *
     * @throws DeviceException if no adb server answers; the message says what to install
     */
    public List<AttachedPhone> list() throws DeviceException, InterruptedException {
        try {
            return AttachedPhone.parse(server.ask(AdbServer.LIST, deadline()));
        } catch (IOException e) {
            throw new DeviceException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Opens a phone of the adb server for exclusive use, until it is closed or the process ends. Restores its keyboard
     * if a process ended while it was switched.
     *
     * @param serial as in {@link AttachedPhone}
     * @throws DeviceInUseException if a process with the same state folder has opened the phone
     * @throws DeviceException if the phone is not usable
     */
    public Device open(String serial) throws DeviceException, InterruptedException {
        return open(serial, new ServerTransport(server, serial));
    }

    /**
     * Opens the only usable phone of the adb server, as {@link #open} does.
     *
     * @throws DeviceException if there is none or several; the message names them
     */
    public Device openOnly() throws DeviceException, InterruptedException {
        List<AttachedPhone> phones = list();
        List<String> usable = phones.stream()
                .filter(AttachedPhone::usable)
                .map(AttachedPhone::serial)
                .toList();
        if (usable.size() == 1) {
            return open(usable.get(0));
        } else if (phones.isEmpty()) {
            throw new DeviceException(NONE_ATTACHED);
        }
        throw new DeviceException(
                usable.isEmpty()
                        ? "no attached phone is usable: "
                                + phones.stream()
                                        .map(phone -> phone.serial() + " is " + phone.state() + ": " + phone.advice())
                                        .collect(Collectors.joining("; "))
                        : "several phones are attached; choose one with --device or ANDROID_SERIAL: "
                                + String.join(", ", usable));
    }

    /**
     * Opens a phone over TCP without an adb server, for phones that do not require authentication, such as a simulated
     * one.
     *
     * @throws DeviceInUseException as for {@link #open}
     * @throws DeviceException if there is no such phone, or it requires authentication
     */
    public Device connect(String host, int port) throws DeviceException, InterruptedException {
        return open(host + ":" + port, new DirectTransport(host, port));
    }

    /**
     * Opens a phone over TCP that no other process uses, such as a simulated one of this process. Unlike
     * {@link #connect(String, int)}, it is not locked, and nothing is written to the state folder.
     *
     * @param serial names the phone in {@link Device#serial} and messages
     * @throws DeviceException if there is no such phone, or it requires authentication
     */
    public Device connectUnlocked(String serial, String host, int port) throws DeviceException, InterruptedException {
        return open(serial, new DirectTransport(host, port), new KeyboardStore(null), () -> {});
    }

    /**
     * Opens a phone of the adb server to query it. Unlike {@link #open}, it does not lock the phone, so that another
     * controller can open it at any time, and restores no keyboard. The caller must send no inputs.
     *
     * @throws DeviceException if the phone is not usable
     */
    public Device openForQueries(String serial) throws DeviceException, InterruptedException {
        return open(serial, new ServerTransport(server, serial), new KeyboardStore(null), () -> {});
    }

    /**
     * Returns who has opened a phone, such as "the phone is in use by process 4711"; null if no controller with the
     * same state folder has. Does not wait, and does not prevent others from opening the phone.
     */
    public @Nullable String findUser(String serial) throws DeviceException {
        Path file = stateFile(serial, ".lock");
        try {
            return PhoneLock.findUser(file);
        } catch (IOException e) {
            throw new DeviceException(serial + ": cannot read the lock file " + file + ": " + e, e);
        }
    }

    private Device open(String serial, AdbTransport transport) throws DeviceException, InterruptedException {
        PhoneLock lock = lock(stateFile(serial, ".lock"), serial);
        return open(serial, transport, new KeyboardStore(stateFile(serial, ".keyboard")), lock::close);
    }

    private Path stateFile(String serial, String suffix) {
        String name = URLEncoder.encode(serial, StandardCharsets.UTF_8) + suffix;
        return settings.stateFolder().resolve("phones").resolve(name);
    }

    private Device open(String serial, AdbTransport transport, KeyboardStore keyboard, Runnable release)
            throws DeviceException, InterruptedException {
        boolean opened = false;
        try {
            Set<String> features = transport.features(deadline());
            if (!features.contains("shell_v2")) {
                throw new DeviceException(serial + ": Android 7 or later is required");
            }
            AndroidDevice device = new AndroidDevice(serial, transport, settings, keyboard, release);
            device.restoreKeyboard();
            opened = true;
            return device;
        } catch (IOException e) {
            throw new DeviceException(serial + ": " + AttachedPhone.explain(e), e);
        } finally {
            if (!opened) {
                transport.close();
                release.run();
            }
        }
    }

    private static PhoneLock lock(Path file, String serial) throws DeviceException, InterruptedException {
        try {
            Files.createDirectories(file.getParent());
            return PhoneLock.acquire(file, serial);
        } catch (IOException e) {
            throw new DeviceException(serial + ": cannot lock the phone with the file " + file + ": " + e, e);
        }
    }

    private Deadline deadline() {
        return Deadline.after(settings.timeouts().query());
    }
}
