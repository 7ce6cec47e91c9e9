package dev.steptrail.demophone.screen;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The touchable areas of a drawn screen. If areas overlap, the one added last is on top. */
public final class Touchables {
    private final List<Area> areas = new ArrayList<>();

    /** The effect of a touch at a point in pixels. */
    @FunctionalInterface
    public interface Touch {
        void at(double x, double y);
    }

    private record Area(Rectangle2D bounds, Touch touch, boolean draggable) {}

    public void onTap(double x, double y, double width, double height, Runnable effect) {
        areas.add(new Area(new Rectangle2D.Double(x, y, width, height), (touchX, touchY) -> effect.run(), false));
    }

    /** Adds an area that also reacts to dragging, such as a slider. */
    public void onDrag(double x, double y, double width, double height, Touch effect) {
        areas.add(new Area(new Rectangle2D.Double(x, y, width, height), effect, true));
    }

    /** Returns the effect of a tap at this point; empty outside of touchable areas. */
    public Optional<Touch> tapped(double x, double y) {
        return topmost(x, y).map(Area::touch);
    }

    /** Returns the effect of a drag that starts at this point; empty if it scrolls the content. */
    public Optional<Touch> dragged(double x, double y) {
        return topmost(x, y).filter(Area::draggable).map(Area::touch);
    }

    private Optional<Area> topmost(double x, double y) {
        for (int i = areas.size() - 1; i >= 0; i--) {
            if (areas.get(i).bounds().contains(x, y)) {
                return Optional.of(areas.get(i));
            }
        }
        return Optional.empty();
    }
}
