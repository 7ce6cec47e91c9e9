package dev.steptrail.phone.device;

import org.jspecify.annotations.Nullable;

/**
 * The app in the foreground.
 *
 * @param packageName such as {@code com.android.settings}; null if the phone reports none, for example while it is
 *     locked
 * @param activity the class of the activity; null if unknown
 */
public record ForegroundApp(
        @Nullable String packageName, @Nullable String activity) {}
