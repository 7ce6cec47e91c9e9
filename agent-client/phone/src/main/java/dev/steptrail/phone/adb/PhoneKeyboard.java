package dev.steptrail.phone.adb;

import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.phone.device.Readiness.AdbKeyboard;
import dev.steptrail.phone.device.TextInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Types text on a phone: any text by ADB Keyboard where it is installed, otherwise ASCII. The user's keyboard is
 * selected again after each text, also if typing fails; after a crash, when the phone is opened again. Not thread-safe.
 */
final class PhoneKeyboard {
    private static final Logger log = LoggerFactory.getLogger(PhoneKeyboard.class);

    private static final String ADB_KEYBOARD = "com.android.adbkeyboard/.AdbIME";
    private static final Pattern NODE_TEXT = Pattern.compile("\\stext=\"([^\"]*)\"");
    private static final Pattern ESCAPED = Pattern.compile("&#?\\w{1,8};");

    /**
     * The connection of a keyboard to the focused text field; {@code null} without one. Its name depends on the
     * version.
     */
    private static final Pattern TEXT_CONNECTION = Pattern.compile("\\bmServedInputConnection(?:Wrapper)?=(null\\b)?");

    /** More keys in one command would exceed the deadline of an input. */
    private static final int KEYS_PER_COMMAND = 500;

    /** More would take minutes. */
    private static final int MAX_DELETIONS = 10_000;

    /** A phone executes about three in a second. */
    private static final int MAX_COMMANDS = 200;

    /** A request to the adb server has up to 65,535 bytes, and base64 makes four bytes of three. */
    private static final int MAX_TEXT_BYTES = 48_000;

    /** How long a disconnected phone is waited for to restore its keyboard, which can also be done later. */
    private static final Duration MAX_RESTORE_RECONNECT = Duration.ofSeconds(5);

    private final String serial;
    private final PhoneShell shell;
    private final AdbTransport transport;
    private final Duration restoreReconnect;
    private final Duration timeout;
    private final Duration wait;
    private final KeyboardStore store;

    /** @param store of this phone */
    PhoneKeyboard(String serial, AdbTransport transport, AdbSettings settings, KeyboardStore store) {
        this.serial = serial;
        Duration reconnect = settings.timeouts().reconnect();
        this.shell = new PhoneShell(serial, transport, reconnect);
        this.transport = transport;
        this.restoreReconnect = reconnect.compareTo(MAX_RESTORE_RECONNECT) < 0 ? reconnect : MAX_RESTORE_RECONNECT;
        this.timeout = settings.timeouts().input();
        this.wait = settings.keyboardWait();
        this.store = store;
    }

    /** Returns the id of the selected keyboard, or null if none is. */
    @Nullable
    String selected() throws DeviceException, InterruptedException {
        String id =
                shell.query("settings get secure default_input_method", timeout).strip();
        return id.isEmpty() || id.equals("null") ? null : id;
    }

    AdbKeyboard adbKeyboard() throws DeviceException, InterruptedException {
        if (!isListed("ime list -a -s")) {
            return AdbKeyboard.ABSENT;
        }
        return isListed("ime list -s") ? AdbKeyboard.ENABLED : AdbKeyboard.DISABLED;
    }

    private boolean isListed(String command) throws DeviceException, InterruptedException {
        return shell.query(command, timeout).lines().map(String::strip).anyMatch(ADB_KEYBOARD::equals);
    }

    /**
     * Returns whether a text field has the focus, by the output of {@code dumpsys input_method}. It describes the app
     * with the focus, and sometimes a second one. Returns true if it describes none.
     */
    static boolean hasTextFocus(String dumpsysInputMethod) {
        Matcher connection = TEXT_CONNECTION.matcher(dumpsysInputMethod);
        boolean described = false;
        while (connection.find()) {
            described = true;
            if (connection.group(1) == null) {
                return true;
            }
        }
        return !described;
    }

    /**
     * Replaces the text of the focused field.
     *
     * @param tree reads the UI tree, which shows how much text has to be deleted if ADB Keyboard is not installed
     */
    void type(String text, TreeReader tree) throws DeviceException, InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_TEXT_BYTES) {
            throw new TextInputException(serial + ": a text of " + bytes.length + " bytes is too long; at most "
                    + MAX_TEXT_BYTES + " can be typed at once");
        }
        String selected = selected();
        if (ADB_KEYBOARD.equals(selected)) {
            String pending = pending();
            typeWithAdbKeyboard(bytes, pending == null ? selected : pending);
        } else if (switchToAdbKeyboard(selected)) {
            typeWithAdbKeyboard(bytes, selected);
        } else if (InputText.canType(text)) {
            typeWithInput(text, tree);
        } else {
            throw new TextInputException(
                    serial + ": without ADB Keyboard only ASCII text can be typed. Install ADB Keyboard on the phone"
                            + " (https://github.com/senzhk/ADBKeyBoard) and run 'adb shell ime enable " + ADB_KEYBOARD
                            + "'; it is selected only while text is typed");
        }
    }

    /** Remembers the user's keyboard and switches; returns false if ADB Keyboard is not installed or not enabled. */
    private boolean switchToAdbKeyboard(@Nullable String users) throws DeviceException, InterruptedException {
        try {
            if (users != null) {
                store.store(users);
            }
            boolean selected = select(ADB_KEYBOARD, shell);
            if (!selected) {
                store.delete();
            }
            return selected;
        } catch (IOException e) {
            throw new DeviceException(serial + ": cannot remember the phone's keyboard: " + e, e);
        }
    }

    /** Selecting a keyboard twice does nothing, so the command is repeated if the connection is lost. */
    private boolean select(String keyboard, PhoneShell shell) throws DeviceException, InterruptedException {
        ShellResult result = shell.tryQuery("ime set " + ShellWord.quote(keyboard), timeout);
        String output = result.output();
        return output.contains("selected") && !output.contains("cannot be selected") && !output.contains("Unknown");
    }

    private void typeWithAdbKeyboard(byte[] text, @Nullable String users) throws DeviceException, InterruptedException {
        try {
            broadcast(new byte[0]); // wakes the keyboard up, as Open-AutoGLM does; the phone answers with an error
            Thread.sleep(wait.toMillis());
            shell.input("am broadcast -a ADB_CLEAR_TEXT", timeout);
            Thread.sleep(wait.toMillis());
            ShellResult result = broadcast(text);
            if (text.length > 0 && !result.succeeded()) {
                throw new DeviceException(serial + ": the text was not typed: " + result.output());
            }
            Thread.sleep(wait.toMillis());
        } catch (Exception e) {
            if (users != null && !(e instanceof DeviceLostException)) {
                tryRestore(users, e);
            }
            throw e;
        }
        if (users != null) {
            restore(users, shell);
        }
    }

    private ShellResult broadcast(byte[] text) throws DeviceException, InterruptedException {
        return shell.tryInput(
                "am broadcast -a ADB_INPUT_B64 --es msg " + Base64.getEncoder().encodeToString(text), timeout);
    }

    private void typeWithInput(String text, TreeReader tree) throws DeviceException, InterruptedException {
        List<String> commands = InputText.commands(text);
        if (commands.size() > MAX_COMMANDS) {
            throw new TextInputException(
                    serial + ": the text has too many lines; it would be typed by " + commands.size()
                            + " commands, and without ADB Keyboard at most " + MAX_COMMANDS + " are sent for one text");
        }
        String present = focusedText(tree.read());
        if (present.length() > MAX_DELETIONS) {
            throw new TextInputException(serial + ": the field contains " + present.length()
                    + " characters; without ADB Keyboard at most " + MAX_DELETIONS + " can be replaced");
        }
        if (!present.isEmpty()) {
            delete(present.length());
        }
        for (String command : commands) {
            shell.input(command, timeout);
        }
    }

    /**
     * Deletes the text before and after the cursor: {@code KEYCODE_MOVE_END} moves it only to the end of the line that
     * is displayed, and a long text is displayed in several.
     */
    private void delete(int characters) throws DeviceException, InterruptedException {
        List<String> keys = new ArrayList<>();
        keys.add("KEYCODE_MOVE_END"); // for fields that do not know KEYCODE_FORWARD_DEL
        keys.addAll(Collections.nCopies(characters, "KEYCODE_DEL"));
        keys.addAll(Collections.nCopies(characters, "KEYCODE_FORWARD_DEL"));
        for (int start = 0; start < keys.size(); start += KEYS_PER_COMMAND) {
            int end = Math.min(keys.size(), start + KEYS_PER_COMMAND);
            shell.input("input keyevent " + String.join(" ", keys.subList(start, end)), timeout);
        }
    }

    /**
     * Returns the text in the focused field, in which characters that XML escapes are replaced; empty without such a
     * field. A hint counts as text; deleting it does nothing.
     */
    static String focusedText(String tree) {
        int start = tree.indexOf("<node");
        while (start >= 0) {
            int end = tree.indexOf('>', start);
            if (end < 0) {
                return "";
            }
            String node = tree.substring(start, end);
            if (node.contains(" focused=\"true\"")) {
                Matcher text = NODE_TEXT.matcher(node);
                return text.find()
                        ? ESCAPED.matcher(text.group(1).replace("&#10;", "\n")).replaceAll("?")
                        : "";
            }
            start = tree.indexOf("<node", end);
        }
        return "";
    }

    /**
     * Selects the user's keyboard again after typing has failed. Does not wait for a disconnected phone.
     *
     * @param failure with which typing has failed, or the interruption; it is not replaced by another one
     */
    private void tryRestore(String users, Exception failure) {
        try {
            restore(users, new PhoneShell(serial, transport, Duration.ZERO));
        } catch (DeviceException e) {
            failure.addSuppressed(e);
        } catch (InterruptedException e) {
            failure.addSuppressed(e);
            if (!(failure instanceof InterruptedException)) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Selects the user's keyboard again. If the phone cannot be reached, the keyboard remains remembered. */
    private void restore(String users, PhoneShell shell) throws DeviceException, InterruptedException {
        try {
            if (!select(users, shell)) {
                log.warn("the keyboard {} cannot be selected on {} again", users, serial);
            }
            store.delete();
        } catch (IOException e) {
            log.warn("cannot delete the remembered keyboard of {}", serial, e);
        }
    }

    /**
     * Selects the user's keyboard if it was not restored, because the phone was lost or a process has crashed. Waits 5
     * s at most for a disconnected phone.
     */
    void restorePending() throws DeviceException, InterruptedException {
        String users = pending();
        if (users != null) {
            restore(users, new PhoneShell(serial, transport, restoreReconnect));
        }
    }

    private @Nullable String pending() throws DeviceException {
        try {
            return store.load();
        } catch (IOException e) {
            throw new DeviceException(serial + ": cannot read which keyboard has to be restored: " + e, e);
        }
    }

    interface TreeReader {
        String read() throws DeviceException, InterruptedException;
    }
}
