package dev.steptrail.phone.adb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.demophone.DemoPhone;
import dev.steptrail.demophone.Fault;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.OutcomeUnknownException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A phone that is disconnected at random moments, {@code steptrail.disconnects} times, default 30. No input is doubled,
 * and the controller knows of each whether it was executed, or says that it does not know. A phone that does not come
 * back is not waited for twice.
 */
@Timeout(300)
class DisconnectIT {
    private static final int DISCONNECTS = Integer.getInteger("steptrail.disconnects", 30);
    private static final long SEED = Long.getLong("steptrail.seed", System.nanoTime());

    @TempDir
    private Path folder;

    @Test
    void inputs_adbServer_areNeverDoubled() throws Exception {
        try (OwnAdbServer server = new OwnAdbServer(folder);
                DemoPhone phone = phone()) {
            server.adb("connect", phone.address());
            try (Device device = new AdbDevices(server.settings().withTimeouts(timeouts())).open(phone.address())) {
                tapWhileDisconnecting(phone, device);
            }
        }
    }

    @Test
    void inputs_directConnection_areNeverDoubled() throws Exception {
        AdbSettings settings =
                AdbSettings.fromEnvironment(Map.of("HOME", folder.toString())).withTimeouts(timeouts());
        try (DemoPhone phone = phone();
                Device device = new AdbDevices(settings).connect("127.0.0.1", phone.port())) {
            tapWhileDisconnecting(phone, device);
        }
    }

    /** The time limit of the tests is far below the time for a reconnection. */
    @Test
    void close_phoneDisappearsWhileTyping_doesNotWaitUntilItIsLost() throws Exception {
        DemoPhone phone = phone();
        AdbSettings settings = AdbSettings.fromEnvironment(Map.of("HOME", folder.toString()))
                .withKeyboardWait(Duration.ZERO)
                .withTimeouts(AdbTimeouts.DEFAULT.withReconnect(Duration.ofHours(1)));
        try (phone;
                Device device = new AdbDevices(settings).connect("127.0.0.1", phone.port())) {
            phone.faults().add("ADB_CLEAR_TEXT", new Fault.NoAnswer(true));
            Thread unplugging = new Thread(() -> {
                while (phone.commands().stream()
                        .noneMatch(command -> command.line().contains("ADB_CLEAR_TEXT"))) {
                    Thread.onSpinWait();
                }
                phone.close();
            });
            unplugging.start();
            assertThatThrownBy(() -> device.typeText("x")).isInstanceOf(OutcomeUnknownException.class);
            unplugging.join();
        }
        try (var remembered = Files.list(folder.resolve(".steptrail/phones"))) {
            assertThat(remembered).anyMatch(file -> file.toString().endsWith(".keyboard"));
        }
    }

    private static DemoPhone phone() throws Exception {
        return DemoPhone.start(DemoPhone.Options.defaults()
                .delays(new DemoPhone.Delays(Duration.ofMillis(10), Duration.ofMillis(5), Duration.ZERO, false)));
    }

    private static AdbTimeouts timeouts() {
        return AdbTimeouts.DEFAULT.withRequests(Duration.ofSeconds(5)).withReconnect(Duration.ofSeconds(30));
    }

    private static void tapWhileDisconnecting(DemoPhone phone, Device device) throws Exception {
        AtomicInteger closed = new AtomicInteger();
        AtomicBoolean stopped = new AtomicBoolean();
        Semaphore tapped = new Semaphore(0);
        Thread disconnecting = new Thread(() -> {
            Random random = new Random(SEED);
            try {
                while (closed.get() < DISCONNECTS && !stopped.get()) {
                    tapped.acquire(); // while the phone is connected
                    tapped.drainPermits();
                    Thread.sleep(random.nextInt(40));
                    closed.addAndGet(phone.disconnect());
                }
            } catch (InterruptedException e) {
                stopped.set(true);
            }
        });
        Map<Integer, String> outcomes = new HashMap<>();
        disconnecting.start();
        int taps = 0;
        int maxTaps = 30 * DISCONNECTS;
        try {
            // The server may notice the last disconnect only with the next tap.
            while (closed.get() < DISCONNECTS || outcomes.get(taps - 1).equals("unknown")) {
                assertThat(taps)
                        .as("taps; " + closed + " of " + DISCONNECTS + " disconnects")
                        .isLessThan(maxTaps);
                outcomes.put(taps, tap(device, taps));
                tapped.release();
                taps++;
                if (taps % 10 == 0) {
                    assertThat(look(device)).isIn("complete", "failed");
                }
            }
        } finally {
            stopped.set(true);
            tapped.release();
            disconnecting.join();
        }
        Map<Integer, Integer> executed = new HashMap<>();
        phone.commands().stream()
                .filter(command -> command.line().startsWith("input tap "))
                .forEach(command ->
                        executed.merge(Integer.parseInt(command.line().split(" ")[2]), 1, Integer::sum));
        int unknown = 0;
        for (Map.Entry<Integer, String> tap : outcomes.entrySet()) {
            int count = executed.getOrDefault(tap.getKey(), 0);
            String description = "tap " + tap.getKey() + " (" + tap.getValue() + "), seed " + SEED;
            if (tap.getValue().equals("done")) {
                assertThat(count).as(description).isEqualTo(1);
            } else {
                assertThat(count).as(description).isLessThanOrEqualTo(1);
                unknown++;
            }
        }
        assertThat(closed).as("disconnects").hasValueGreaterThanOrEqualTo(DISCONNECTS);
        assertThat(unknown).as("unknown outcomes, seed " + SEED).isBetween(1, closed.get());
    }

    /** A tap has an acknowledgement or an unknown outcome; the phone is always back in time. */
    private static String tap(Device device, int number) throws Exception {
        try {
            device.tap(number, 0);
            return "done";
        } catch (OutcomeUnknownException e) {
            return "unknown";
        }
    }

    private static String look(Device device) throws Exception {
        try {
            assertThat(device.screenshot().sensitive()).isFalse();
            return "complete";
        } catch (DeviceException e) {
            return "failed";
        }
    }
}
