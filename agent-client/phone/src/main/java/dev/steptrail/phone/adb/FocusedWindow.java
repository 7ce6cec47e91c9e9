package dev.steptrail.phone.adb;

import dev.steptrail.phone.device.ForegroundApp;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the app in the foreground in the output of {@code dumpsys window}. */
final class FocusedWindow {
    /**
     * {@code mCurrentFocus=Window{ID u0 PACKAGE/ACTIVITY}} names the window that receives input. It is null during a
     * transition, and names a popup or a part of the system without a package in other cases.
     */
    private static final String FOCUS = "mCurrentFocus=";

    /** {@code mFocusedApp=ActivityRecord{…}}; before Android 10 within {@code AppWindowToken{… token=Token{…}}}. */
    private static final String APP = "mFocusedApp=";

    private static final Pattern COMPONENT = Pattern.compile("\\s([A-Za-z][\\w.]*)/([\\w.$]+)");

    /** Longer than the names of a package and its activity. */
    private static final int MAX_FIELD = 1000;

    private static final Pattern FOCUS_ID = Pattern.compile("\\bmCurrentFocus=Window\\{(\\w+)\\s");
    private static final Pattern FLAGS = Pattern.compile("\\bfl=(?:#(\\p{XDigit}{1,8})|([A-Z_ ]*))");

    /** {@code WindowManager.LayoutParams.FLAG_SECURE}. */
    private static final long SECURE = 0x2000;

    private FocusedWindow() {}

    /** Returns the app, without a package if the phone reports none, for example while the screen is off. */
    static ForegroundApp parse(String dumpsysWindow) {
        ForegroundApp focus = find(FOCUS, dumpsysWindow);
        ForegroundApp app = focus == null ? find(APP, dumpsysWindow) : focus;
        return app == null ? new ForegroundApp(null, null) : app;
    }

    /** Finds the first component in a line from {@code field} on. */
    private static @Nullable ForegroundApp find(String field, String text) {
        int start = text.indexOf(field);
        while (start >= 0) {
            int lineEnd = text.indexOf('\n', start);
            int end = lineEnd < 0 ? text.length() : lineEnd;
            Matcher matcher = COMPONENT.matcher(text).region(start, Math.min(end, start + MAX_FIELD));
            if (matcher.find()) {
                String packageName = matcher.group(1);
                String activity = matcher.group(2);
                return new ForegroundApp(packageName, activity.startsWith(".") ? packageName + activity : activity);
            }
            start = text.indexOf(field, end);
        }
        return null;
    }

    /**
     * Returns whether the window with the focus is protected against capture. Its attributes contain the names of its
     * flags since Android 9, and a number before.
     */
    static boolean isSecure(String dumpsysWindow) {
        Matcher focus = FOCUS_ID.matcher(dumpsysWindow);
        if (!focus.find()) {
            return false;
        }
        Pattern window =
                Pattern.compile("Window #\\d+ Window\\{" + focus.group(1) + "\\s.*?(?=Window #|\\z)", Pattern.DOTALL);
        Matcher attributes = window.matcher(dumpsysWindow);
        Matcher flags = FLAGS.matcher(attributes.find() ? attributes.group() : "");
        if (!flags.find()) {
            return false;
        }
        return flags.group(1) == null
                ? List.of(flags.group(2).split(" ")).contains("SECURE")
                : (Long.parseLong(flags.group(1), 16) & SECURE) != 0;
    }
}
