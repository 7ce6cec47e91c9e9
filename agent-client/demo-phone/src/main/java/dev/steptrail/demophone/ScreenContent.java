package dev.steptrail.demophone;

import dev.steptrail.demophone.internal.draw.DrawnText;
import dev.steptrail.demophone.internal.screen.Touchables.Area;
import java.util.List;

/**
 * What a screen shows, in pixels of a screen of 1080 by 2400.
 *
 * @param areas that can be touched, the topmost last
 * @param texts without those of the status bar and of the keyboard
 */
record ScreenContent(List<Area> areas, List<DrawnText> texts) {}
