package dev.steptrail.phone.device;

import org.jspecify.annotations.Nullable;

/**
 * The properties of a phone.
 *
 * @param serial by which adb addresses the phone
 * @param model such as {@code Pixel 8}
 * @param manufacturer such as {@code Google}
 * @param androidVersion such as {@code 14}
 * @param apiLevel such as 34; 0 if unknown
 * @param screen its current size
 * @param keyboard the id of the current input method
 */
public record DeviceInfo(
        String serial,
        @Nullable String model,
        @Nullable String manufacturer,
        @Nullable String androidVersion,
        int apiLevel,
        ScreenSize screen,
        @Nullable String keyboard) {}
