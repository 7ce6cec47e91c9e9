package dev.steptrail.demophone;

import dev.steptrail.demophone.draw.DrawnText;
import dev.steptrail.demophone.screen.Touchables.Area;
import java.util.List;

/**
 * What a screen shows, in pixels of a screen of 1080 by 2400.
 *
 * @param areas that can be touched, the topmost last
 * @param texts without those of the status bar and of the keyboard
 */
public record ScreenContent(List<Area> areas, List<DrawnText> texts) {}
