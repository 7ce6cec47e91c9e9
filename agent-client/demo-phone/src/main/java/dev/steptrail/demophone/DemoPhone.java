package dev.steptrail.demophone;

import dev.steptrail.demophone.adb.Authorization;
import dev.steptrail.demophone.internal.adb.AdbDaemon;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * A simulated Android phone that a controller and Debian's {@code adb} operate over TCP: {@code adb connect
 * 127.0.0.1:PORT}. It draws the screens of {@link SimulatedPhone}, answers Android's commands, takes as long as a
 * phone, and fails where {@link #faults()} says so. Thread-safe.
 */
public final class DemoPhone implements AutoCloseable {
    private final AndroidPhone phone;
    private final AdbDaemon daemon;

    /** The properties of a demo phone. Not thread-safe; a phone copies them when it starts. */
    public static final class Options {
        private int port = 0;
        String serial = "DEMO0001";
        int width = 1080;
        int height = 2400;
        int density = 420;
        boolean foldable;
        AdbKeyboard adbKeyboard = AdbKeyboard.ENABLED;
        private boolean checksums = false;
        Delays delays = Delays.PHONE;

        private Options() {}

        public static Options defaults() {
            return new Options();
        }

        /** The port of 127.0.0.1. Default 0, which is a free one. */
        public Options port(int port) {
            this.port = port;
            return this;
        }

        /** What the phone reports as {@code ro.serialno}. Default {@code DEMO0001}. */
        public Options serial(String serial) {
            this.serial = serial;
            return this;
        }

        /**
         * The screen in its natural rotation. Default 1080 by 2400 pixels, 420 dots per inch.
         *
         * @param density in dots per inch
         */
        public Options screen(int width, int height, int density) {
            this.width = width;
            this.height = height;
            this.density = density;
            return this;
        }

        /**
         * Whether the phone has a second display, which is switched off. {@code screencap} without a display id then
         * prints a warning. Default false.
         */
        public Options foldable(boolean foldable) {
            this.foldable = foldable;
            return this;
        }

        /** Whether ADB Keyboard is installed. Default enabled. */
        public Options adbKeyboard(AdbKeyboard adbKeyboard) {
            this.adbKeyboard = adbKeyboard;
            return this;
        }

        /**
         * Whether the phone speaks the older version of adb's protocol, in which messages have checksums. Default
         * false.
         */
        public Options checksums(boolean checksums) {
            this.checksums = checksums;
            return this;
        }

        /** How long commands take. Default as on a phone. */
        public Options delays(Delays delays) {
            this.delays = delays;
            return this;
        }
    }

    /** Whether ADB Keyboard is installed, and whether the user has enabled it. */
    public enum AdbKeyboard {
        ABSENT,
        DISABLED,
        ENABLED
    }

    /**
     * How long commands take.
     *
     * @param screenshot of {@code screencap}
     * @param input of {@code input}, {@code am} and {@code monkey}
     * @param tree of {@code uiautomator dump}
     * @param gestures whether {@code input swipe} also takes the duration of the swipe
     */
    public record Delays(Duration screenshot, Duration input, Duration tree, boolean gestures) {
        /** 400 ms for a screenshot, 150 ms for an input, 1.5 s for a tree, as on a phone of the middle class. */
        public static final Delays PHONE =
                new Delays(Duration.ofMillis(400), Duration.ofMillis(150), Duration.ofMillis(1500), true);

        public static final Delays NONE = new Delays(Duration.ZERO, Duration.ZERO, Duration.ZERO, false);
    }

    /**
     * A command that the phone has executed.
     *
     * @param time when it was executed
     * @param line as the host sent it
     */
    public record Command(Instant time, String line) {}

    private DemoPhone(AndroidPhone phone, AdbDaemon daemon) {
        this.phone = phone;
        this.daemon = daemon;
    }

    /** Starts a phone that shows its home screen. */
    public static DemoPhone start(Options options) throws IOException {
        AndroidPhone phone = new AndroidPhone(options);
        String banner = "ro.product.name=demo;ro.product.model=Demo Phone;ro.product.device=demo;features=shell_v2,cmd";
        AdbDaemon.Settings settings = new AdbDaemon.Settings(options.port, banner, 1024 * 1024, options.checksums);
        return new DemoPhone(phone, new AdbDaemon(settings, phone));
    }

    /** Returns the port of 127.0.0.1 on which the phone speaks adb's device protocol. */
    public int port() {
        return daemon.port();
    }

    /** Returns the address for {@code adb connect}, which is also adb's serial number of the phone. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    /** Returns the commands that the phone has executed, each once, in order. */
    public List<Command> commands() {
        return phone.commands();
    }

    /** Returns the phone's faults. New ones apply to commands that arrive later. */
    public Faults faults() {
        return phone.faults();
    }

    /** Reads the phone's screen and state while no command changes them. */
    public <T> T screen(Function<SimulatedPhone, T> reader) {
        return phone.read(reader);
    }

    /**
     * Rotates the screen.
     *
     * @param quarterTurns from the natural rotation, 0 to 3
     */
    public void rotate(int quarterTurns) {
        phone.rotate(quarterTurns);
    }

    /** Changes the size of the screen in its natural rotation, as unfolding a phone does. */
    public void resize(int width, int height) {
        phone.resize(width, height);
    }

    /** Protects the current screen against capture, or ends the protection. */
    public void setSecureScreen(SecureScreen secure) {
        phone.setSecureScreen(secure);
    }

    /** Shows the lock screen of a phone with a password, or unlocks it. */
    public void setLocked(boolean locked) {
        phone.setLocked(locked);
    }

    /** How the phone answers {@code screencap} on a screen that an app protects with {@code FLAG_SECURE}. */
    public enum SecureScreen {
        /** The screen is not protected. */
        OFF,
        /** The image is black but for the system's bars. */
        BLACK,
        /** The capture fails with status -1. */
        REFUSED
    }

    /** Changes what happens to hosts that connect from now on. By default, they are not asked for a key. */
    public void setAuthorization(Authorization authorization) {
        daemon.setAuthorization(authorization);
    }

    /** Closes all connections, as if the cable was pulled. A host can connect again. Returns how many were open. */
    public int disconnect() {
        return daemon.disconnect();
    }

    @Override
    public void close() {
        daemon.close();
    }
}
