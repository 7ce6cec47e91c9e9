package dev.steptrail.demophone.internal.screen;

import java.awt.Color;
import java.util.function.Supplier;

/**
 * An installed app.
 *
 * @param name below its icon
 * @param packageName such as {@code com.android.settings}
 * @param color of its icon
 * @param start creates the app's first screen
 */
public record App(String name, String packageName, Color color, Supplier<Screen> start) {}
