package dev.steptrail.cli.phone.run;

import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A phone that a command operates.
 *
 * @param demoPhone the simulated phone, which is stopped when this is closed; null for a real phone
 */
public record OpenPhone(
        String name, Device device, @Nullable DemoPhone demoPhone) implements AutoCloseable {
    public static OpenPhone of(Device device) {
        return new OpenPhone(device.serial(), device, null);
    }

    /**
     * Starts a simulated phone.
     *
     * @param number distinguishes several simulated phones, 1 or more
     */
    public static OpenPhone startDemo(AdbDevices devices, int number)
            throws IOException, DeviceException, InterruptedException {
        String name = "demo-phone-" + number;
        DemoPhone phone = DemoPhone.start(DemoPhone.Options.defaults().serial(name));
        try {
            return new OpenPhone(name, devices.connectUnlocked(name, "127.0.0.1", phone.port()), phone);
        } catch (Exception e) {
            phone.close();
            throw e;
        }
    }

    @Override
    public void close() {
        device.close();
        if (demoPhone != null) {
            demoPhone.close();
        }
    }
}
