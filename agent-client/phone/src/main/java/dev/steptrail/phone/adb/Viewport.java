package dev.steptrail.phone.adb;

import dev.steptrail.phone.device.ScreenSize;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the phone's main display shows, from {@code dumpsys display}. On a foldable it is the display that is in use.
 *
 * @param screen in the coordinates of inputs
 * @param displayId by which {@code screencap -d} selects the display; null if the phone has no such ids
 */
record Viewport(ScreenSize screen, @Nullable String displayId) {
    /** In all versions of Android since 4.2; the fields type, isActive and uniqueId were added later. */
    private static final Pattern VIEWPORT = Pattern.compile("DisplayViewport\\{([^{}]*)\\}");

    private static final Pattern MAIN_DISPLAY = Pattern.compile("\\bdisplayId=0\\b");
    private static final Pattern ORIENTATION = Pattern.compile("\\borientation=(\\d)");
    private static final Pattern FRAME =
            Pattern.compile("\\blogicalFrame=Rect\\((-?\\d+), (-?\\d+) - (-?\\d+), (-?\\d+)\\)");
    private static final Pattern UNIQUE_ID = Pattern.compile("\\buniqueId='local:(\\d+)'");

    /** Returns the viewport of the main display that is active, or null if the text has none. */
    static @Nullable Viewport parse(String dumpsysDisplay) {
        Viewport inactive = null;
        Matcher viewports = VIEWPORT.matcher(dumpsysDisplay);
        while (viewports.find()) {
            String fields = viewports.group(1);
            Viewport viewport = MAIN_DISPLAY.matcher(fields).find() ? parseFields(fields) : null;
            if (viewport != null && !fields.contains("isActive=false")) {
                return viewport;
            }
            inactive = inactive == null ? viewport : inactive;
        }
        return inactive;
    }

    private static @Nullable Viewport parseFields(String fields) {
        Matcher frame = FRAME.matcher(fields);
        Matcher orientation = ORIENTATION.matcher(fields);
        if (!frame.find() || !orientation.find()) {
            return null;
        }
        Matcher id = UNIQUE_ID.matcher(fields);
        try {
            int width = Integer.parseInt(frame.group(3)) - Integer.parseInt(frame.group(1));
            int height = Integer.parseInt(frame.group(4)) - Integer.parseInt(frame.group(2));
            if (width < 1 || height < 1) {
                return null;
            }
            return new Viewport(
                    new ScreenSize(width, height, Integer.parseInt(orientation.group(1)) % 4),
                    id.find() ? id.group(1) : null);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
