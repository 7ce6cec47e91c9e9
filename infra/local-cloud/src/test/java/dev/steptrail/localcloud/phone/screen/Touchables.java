package dev.steptrail.localcloud.phone.screen;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The areas of a drawn screen that answer to a finger; where two overlap, the one added later lies on top. */
public final class Touchables {
    private final List<Area> areas = new ArrayList<>();

    /** What a finger does at a point, in pixels. */
    @FunctionalInterface
    public interface Touch {
        void at(double x, double y);
    }

    private record Area(Rectangle2D bounds, Touch touch, boolean draggable) {}

    public void onTap(double x, double y, double width, double height, Runnable effect) {
        areas.add(new Area(new Rectangle2D.Double(x, y, width, height), (touchX, touchY) -> effect.run(), false));
    }

    /** An area that also follows a finger that was put on it, as a slider does. */
    public void onDrag(double x, double y, double width, double height, Touch effect) {
        areas.add(new Area(new Rectangle2D.Double(x, y, width, height), effect, true));
    }

    /** What a tap at this point does; empty where nothing answers. */
    public Optional<Touch> tapped(double x, double y) {
        return topmost(x, y).map(Area::touch);
    }

    /** What a finger that comes down at this point drags along; empty where it drags nothing but the content. */
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
