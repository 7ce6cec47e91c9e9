package dev.steptrail.phone.adb;

import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceInfo;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.phone.device.ForegroundApp;
import dev.steptrail.phone.device.Key;
import dev.steptrail.phone.device.Readiness;
import dev.steptrail.phone.device.ScreenSize;
import dev.steptrail.phone.device.Screenshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Android phone, operated by shell commands. The commands of inputs are those of Open-AutoGLM. README.md lists every
 * command.
 */
final class AndroidDevice implements Device {
    private static final Logger log = LoggerFactory.getLogger(AndroidDevice.class);

    private static final Duration DOUBLE_TAP_INTERVAL = Duration.ofMillis(100);
    private static final Duration TREE_RETRY_WAIT = Duration.ofMillis(300);

    /** The time of another dump beyond that of the one before. */
    private static final Duration MIN_TREE_TIME = Duration.ofSeconds(1);

    /** The part of the timeout to wait for a window: that of an app that starts; a screen that is off has none. */
    private static final int WINDOW_WAIT_DIVISOR = 8;

    private static final int CAPTURE_ATTEMPTS = 3;
    private static final String TREE_FILE = "/data/local/tmp/steptrail-tree.xml";
    private static final String TREE_START = "<?xml";
    private static final String TREE_END = "</hierarchy>";
    private static final Pattern PROPERTY = Pattern.compile("(?m)^\\[([^\\]\\n]+)\\]: \\[(.*)\\]$");
    private static final Pattern PHYSICAL_SIZE =
            Pattern.compile("(?:Override|Physical) size: (\\d{1,5})x(\\d{1,5})\\s*$");

    private static final Pattern WAKEFULNESS = Pattern.compile("\\bmWakefulness=(\\w+)");
    private static final Pattern KEYGUARD = Pattern.compile("\\bKeyguardServiceDelegate\\s{1,100}showing=true");

    private final String serial;
    private final AdbTransport transport;
    private final PhoneShell shell;
    private final AdbTimeouts timeouts;
    private final PhoneKeyboard keyboard;
    private final Runnable release;
    private final ReentrantLock lock = new ReentrantLock();

    /** Whether the phone has asked for a display id, as foldables do. */
    private boolean severalDisplays;

    /** Whether uiautomator cannot write to standard output on this phone. */
    private boolean treeNeedsFile;

    /** Whether the last request has waited for the phone in vain. */
    private boolean lost;

    private boolean closed;

    /** @param release is called when the phone is closed, once or several times */
    AndroidDevice(String serial, AdbTransport transport, AdbSettings settings, KeyboardStore store, Runnable release) {
        this.serial = serial;
        this.transport = transport;
        this.timeouts = settings.timeouts();
        this.shell = new PhoneShell(serial, transport, timeouts.reconnect());
        this.keyboard = new PhoneKeyboard(serial, transport, settings, store);
        this.release = release;
    }

    @Override
    public String serial() {
        return serial;
    }

    @Override
    public DeviceInfo info() throws DeviceException, InterruptedException {
        return exclusively(() -> {
            Map<String, String> properties = new HashMap<>();
            Matcher matcher = PROPERTY.matcher(query("getprop"));
            while (matcher.find()) {
                properties.put(matcher.group(1), matcher.group(2));
            }
            return new DeviceInfo(
                    serial,
                    properties.get("ro.product.model"),
                    properties.get("ro.product.manufacturer"),
                    properties.get("ro.build.version.release"),
                    apiLevel(properties.getOrDefault("ro.build.version.sdk", "")),
                    viewport().screen(),
                    keyboard.selected());
        });
    }

    @Override
    public Readiness readiness() throws DeviceException, InterruptedException {
        return exclusively(() -> {
            Matcher wakefulness = WAKEFULNESS.matcher(query("dumpsys power"));
            return new Readiness(
                    keyboard.adbKeyboard(),
                    !wakefulness.find() || wakefulness.group(1).equals("Awake"),
                    KEYGUARD.matcher(query("dumpsys window policy")).find());
        });
    }

    private static int apiLevel(String text) {
        return text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
    }

    @Override
    public Screenshot screenshot() throws DeviceException, InterruptedException {
        return exclusively(() -> {
            Capture capture = capture();
            for (int attempt = 1; attempt < CAPTURE_ATTEMPTS && capture.image() == null; attempt++) {
                if (refusesCapture(capture)) {
                    ScreenSize screen = viewport().screen();
                    PngImage black = PngImage.blackImage(screen.width(), screen.height());
                    return new Screenshot(black.bytes(), black.width(), black.height(), true);
                }
                capture = capture(); // the connection has ended early, which looks like the end of the output
            }
            PngImage image = capture.image();
            if (image == null) {
                throw new DeviceException(serial + ": "
                        + (capture.truncated()
                                ? "the screenshot is truncated or not a valid image"
                                : "no screenshot, but: " + capture.text().strip()));
            }
            return new Screenshot(image.bytes(), image.width(), image.height(), isProtected(image));
        });
    }

    /**
     * What {@code screencap} wrote.
     *
     * @param text before the image, or instead of it
     * @param image null if there is none or it is truncated
     */
    private record Capture(String text, @Nullable PngImage image, boolean truncated) {}

    private Capture capture() throws DeviceException, InterruptedException {
        byte[] output = shell.capture(captureCommand(), timeouts.screenshot());
        int start = PngImage.find(output);
        PngImage image = start < 0 ? null : PngImage.read(output, start);
        String text = new String(output, 0, start < 0 ? Math.min(output.length, 1000) : start, StandardCharsets.UTF_8);
        if (!severalDisplays && text.contains("Multiple displays")) {
            severalDisplays = true; // and the captured one may be off
            return capture();
        }
        return new Capture(text, image, start >= 0 && image == null);
    }

    private String captureCommand() throws DeviceException, InterruptedException {
        String displayId = severalDisplays ? viewport().displayId() : null;
        return displayId == null ? "screencap -p" : "screencap -p -d " + displayId;
    }

    /** Returns whether the phone has blackened a protected window. The bars of the system remain visible. */
    private boolean isProtected(PngImage image) throws DeviceException, InterruptedException {
        return switch (BlackScreenDetector.detect(image)) {
            case ALL -> true;
            case CENTRE -> FocusedWindow.isSecure(query("dumpsys window"));
            case NONE -> false;
        };
    }

    /**
     * Returns whether the phone refuses to capture a protected screen. Some write nothing; because a lost connection
     * looks the same, the command is then repeated with a result.
     */
    private boolean refusesCapture(Capture capture) throws DeviceException, InterruptedException {
        if (capture.truncated()) {
            return false;
        }
        String text = capture.text();
        if (text.isBlank()) {
            text = shell.tryQuery(captureCommand(), timeouts.screenshot()).output();
        }
        return text.isBlank()
                || text.contains("Status: -1")
                || text.contains("Failed to take screenshot")
                || text.contains("Capturing failed");
    }

    @Override
    public ScreenSize screenSize() throws DeviceException, InterruptedException {
        return exclusively(() -> viewport().screen());
    }

    private Viewport viewport() throws DeviceException, InterruptedException {
        Viewport viewport = Viewport.parse(query("dumpsys display"));
        if (viewport == null) {
            Matcher size = PHYSICAL_SIZE.matcher(query("wm size"));
            if (!size.find()) {
                throw new DeviceException(serial + ": the phone reports no screen size");
            }
            viewport = new Viewport(
                    new ScreenSize(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)), 0), null);
        }
        ScreenSize screen = viewport.screen();
        if (!PngImage.isValidSize(screen.width(), screen.height())) {
            throw new DeviceException(serial + ": the phone reports a screen of " + screen.width() + " by "
                    + screen.height() + " pixels, which cannot be right");
        }
        return viewport;
    }

    @Override
    public ForegroundApp foregroundApp() throws DeviceException, InterruptedException {
        return exclusively(() -> FocusedWindow.parse(query("dumpsys window")));
    }

    @Override
    public String uiTree() throws DeviceException, InterruptedException {
        return exclusively(this::readTree);
    }

    private String readTree() throws DeviceException, InterruptedException {
        Deadline deadline = Deadline.after(timeouts.uiTree());
        Deadline windowDeadline = Deadline.after(timeouts.uiTree().dividedBy(WINDOW_WAIT_DIVISOR));
        while (true) {
            Duration before = deadline.remaining();
            String output = dumpTree(before);
            int start = output.indexOf(TREE_START);
            int end = output.lastIndexOf(TREE_END);
            if (start >= 0 && start < end) {
                return output.substring(start, end + TREE_END.length());
            }
            boolean noWindow = output.contains("null root node");
            boolean retry = noWindow || output.contains("could not get idle state");
            if (!retry && !treeNeedsFile) {
                treeNeedsFile = true;
                continue;
            }
            Duration needed = before.minus(deadline.remaining()).plus(MIN_TREE_TIME);
            if (!retry
                    || (noWindow && windowDeadline.hasPassed())
                    || deadline.remaining().compareTo(needed) < 0) {
                throw new DeviceException(serial + ": no UI tree: " + explainTreeFailure(output));
            }
            Thread.sleep(TREE_RETRY_WAIT.toMillis());
        }
    }

    /** Returns the tree, or the message of uiautomator if it has failed. */
    private String dumpTree(Duration timeout) throws DeviceException, InterruptedException {
        if (!treeNeedsFile) {
            return new String(shell.capture("uiautomator dump /dev/tty", timeout), StandardCharsets.UTF_8);
        }
        ShellResult dump = shell.tryQuery("uiautomator dump " + TREE_FILE, timeout);
        ShellResult file = shell.tryQuery("cat " + TREE_FILE, timeout);
        shell.query("rm -f " + TREE_FILE, timeout);
        return file.succeeded() ? file.stdout() : dump.output();
    }

    private static String explainTreeFailure(String output) {
        if (output.contains("could not get idle state")) {
            return "the screen does not stop moving, for example because of a video or an animation";
        }
        if (output.contains("null root node")) {
            return "the phone reports no window, for example because the screen is off ('steptrail press wake')";
        }
        return output.isBlank() ? "uiautomator wrote nothing" : output.strip();
    }

    @Override
    public void tap(int x, int y) throws DeviceException, InterruptedException {
        input("input tap " + x + " " + y, Duration.ZERO);
    }

    @Override
    public void doubleTap(int x, int y) throws DeviceException, InterruptedException {
        act(() -> {
            tap(x, y);
            Thread.sleep(DOUBLE_TAP_INTERVAL.toMillis());
            tap(x, y);
        });
    }

    @Override
    public void longPress(int x, int y, Duration duration) throws DeviceException, InterruptedException {
        swipe(x, y, x, y, duration);
    }

    @Override
    public void swipe(int fromX, int fromY, int toX, int toY, Duration duration)
            throws DeviceException, InterruptedException {
        input("input swipe " + fromX + " " + fromY + " " + toX + " " + toY + " " + duration.toMillis(), duration);
    }

    @Override
    public void press(Key key) throws DeviceException, InterruptedException {
        input("input keyevent " + keyCode(key), Duration.ZERO);
    }

    private static String keyCode(Key key) {
        return switch (key) {
            case BACK -> "4"; // as Open-AutoGLM writes it
            case HOME -> "KEYCODE_HOME";
            case RECENTS -> "KEYCODE_APP_SWITCH";
            case ENTER -> "KEYCODE_ENTER";
            case DELETE -> "KEYCODE_DEL";
            case WAKE -> "KEYCODE_WAKEUP";
            case SLEEP -> "KEYCODE_SLEEP";
            case VOLUME_UP -> "KEYCODE_VOLUME_UP";
            case VOLUME_DOWN -> "KEYCODE_VOLUME_DOWN";
            case MUTE -> "KEYCODE_VOLUME_MUTE";
        };
    }

    @Override
    public boolean launch(String packageName) throws DeviceException, InterruptedException {
        return exclusively(() -> {
            ShellResult result = shell.tryInput(
                    "monkey -p " + ShellWord.quote(packageName) + " -c android.intent.category.LAUNCHER 1",
                    timeouts.input());
            if (result.output().contains("No activities found")) {
                return false;
            }
            if (!result.succeeded()) {
                throw new DeviceException(serial + ": cannot start " + packageName + ": " + result.output());
            }
            return true;
        });
    }

    @Override
    public boolean hasTextFocus() throws DeviceException, InterruptedException {
        return exclusively(() -> PhoneKeyboard.hasTextFocus(query("dumpsys input_method")));
    }

    @Override
    public void typeText(String text) throws DeviceException, InterruptedException {
        act(() -> keyboard.type(text, this::readTree));
    }

    private void input(String command, Duration gesture) throws DeviceException, InterruptedException {
        act(() -> shell.input(command, timeouts.input().plus(gesture)));
    }

    private String query(String command) throws DeviceException, InterruptedException {
        return shell.query(command, timeouts.query());
    }

    private <T> T exclusively(Request<T> request) throws DeviceException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (closed) {
                throw new DeviceException(serial + ": the phone was closed");
            }
            T result = request.execute();
            lost = false;
            return result;
        } catch (DeviceLostException e) {
            lost = true;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void act(Action action) throws DeviceException, InterruptedException {
        exclusively(() -> {
            action.execute();
            return true;
        });
    }

    /** Restores the user's keyboard if a process has ended while ADB Keyboard was selected. */
    void restoreKeyboard() throws DeviceException, InterruptedException {
        act(keyboard::restorePending);
    }

    /** Waits for a running request, but does not wait again for a phone that is lost. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // a cancelled task must not leave ADB Keyboard selected
        lock.lock();
        try {
            if (!closed && !lost) {
                keyboard.restorePending();
            }
        } catch (DeviceException e) {
            log.warn("the keyboard was not restored; it will be when the phone is opened again: {}", e.getMessage());
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            closed = true;
            transport.close();
            release.run();
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Request<T> {
        T execute() throws DeviceException, InterruptedException;
    }

    private interface Action {
        void execute() throws DeviceException, InterruptedException;
    }
}
