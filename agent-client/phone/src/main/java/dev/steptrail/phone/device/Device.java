package dev.steptrail.phone.device;

import java.time.Duration;

/**
 * A phone. Each request to it has a deadline. Most methods are one request; {@code doubleTap}, {@code typeText},
 * {@code screenshot} and {@code uiTree} may need several. A method may be called again after a failure.
 *
 * <p>An input (tap, swipe, text, key, launch) is sent at most once: if the connection is lost before the phone has
 * acknowledged it, the method throws {@link OutcomeUnknownException} instead of sending it again. Other requests are
 * repeated once after a reconnection.
 *
 * <p>Coordinates are pixels from the upper left corner of the screen in its current rotation. Thread-safe; requests to
 * one phone are executed one after another.
 */
public interface Device extends AutoCloseable {
    /** Returns the serial number by which adb addresses the phone, such as {@code emulator-5554}. */
    String serial();

    DeviceInfo info() throws DeviceException, InterruptedException;

    Readiness readiness() throws DeviceException, InterruptedException;

    /** Captures the screen. A screen that the phone protects against capture is returned as black and sensitive. */
    Screenshot screenshot() throws DeviceException, InterruptedException;

    /** Returns the size of the screen in its current rotation. */
    ScreenSize screenSize() throws DeviceException, InterruptedException;

    /** Returns the app in the foreground. */
    ForegroundApp foregroundApp() throws DeviceException, InterruptedException;

    /** Returns the UI tree of the screen as the XML of {@code uiautomator dump}. */
    String uiTree() throws DeviceException, InterruptedException;

    void tap(int x, int y) throws DeviceException, InterruptedException;

    void doubleTap(int x, int y) throws DeviceException, InterruptedException;

    void longPress(int x, int y, Duration duration) throws DeviceException, InterruptedException;

    void swipe(int fromX, int fromY, int toX, int toY, Duration duration) throws DeviceException, InterruptedException;

    /**
     * Replaces the text of the focused field. Without one, the text is lost, and no exception is thrown;
     * {@link #hasTextFocus} says whether there is one.
     *
     * @throws TextInputException if the phone cannot type this text; the message says what to install
     */
    void typeText(String text) throws DeviceException, InterruptedException;

    /** Returns whether a text field has the focus; true if the phone does not report it. */
    boolean hasTextFocus() throws DeviceException, InterruptedException;

    void press(Key key) throws DeviceException, InterruptedException;

    /**
     * Opens an app.
     *
     * @param packageName such as {@code com.android.settings}
     * @return whether the app is installed
     */
    boolean launch(String packageName) throws DeviceException, InterruptedException;

    /** Restores the user's keyboard and closes the connection. Never throws. */
    @Override
    void close();
}
