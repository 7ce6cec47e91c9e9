package dev.steptrail.phone.adb;

import dev.steptrail.phone.device.ForegroundApp;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the app in the foreground in the output of {@code dumpsys window}. */
final class FocusedWindow {
    /**
     * {@code mCurrentFocus=Window{ID u0 PACKAGE/ACTIVITY}} names the window that receives input. It is null during
     * a transition, and names a popup or a part of the system without a package in other cases.
     */
    private static final Pattern FOCUS = component("mCurrentFocus");

    /** {@code mFocusedApp=ActivityRecord{…}}; before Android 10 within {@code AppWindowToken{… token=Token{…}}}. */
    private static final Pattern APP = component("mFocusedApp");

    private FocusedWindow() {}

    private static Pattern component(String field) {
        return Pattern.compile("\\b" + field + "=.*?\\s([A-Za-z][\\w.]*\\.\\w[\\w.]*)/([\\w.$]+)");
    }

    /** Returns the app, without a package if the phone reports none, for example while the screen is off. */
    static ForegroundApp parse(String dumpsysWindow) {
        ForegroundApp focus = find(FOCUS, dumpsysWindow);
        ForegroundApp app = focus == null ? find(APP, dumpsysWindow) : focus;
        return app == null ? new ForegroundApp(null, null) : app;
    }

    private static @Nullable ForegroundApp find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return null;
        }
        String packageName = matcher.group(1);
        String activity = matcher.group(2);
        return new ForegroundApp(packageName, activity.startsWith(".") ? packageName + activity : activity);
    }
}
