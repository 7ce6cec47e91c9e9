package dev.steptrail.demophone.internal.screen;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The touchable areas of a drawn screen. If areas overlap, the one added last is on top. */
public final class Touchables {
    private final List<Area> areas;
    private final boolean inTree;

    public Touchables() {
        this(new ArrayList<>(), true);
    }

    private Touchables(List<Area> areas, boolean inTree) {
        this.areas = areas;
        this.inTree = inTree;
    }

    /** The effect of a touch at a point in pixels. */
    @FunctionalInterface
    public interface Touch {
        void at(double x, double y);
    }

    /** What a touchable area is. */
    public enum Kind {
        BUTTON,
        SLIDER,
        FIELD
    }

    /**
     * A touchable area.
     *
     * @param description for an area without text, or null
     * @param field whose text the area shows, or null
     * @param inTree whether the area is part of the screen's UI tree
     */
    public record Area(
            Rectangle2D bounds,
            Kind kind,
            @Nullable String description,
            @Nullable TextField field,
            Touch touch,
            boolean inTree) {}

    public void onTap(double x, double y, double width, double height, Runnable effect) {
        onTap(x, y, width, height, null, effect);
    }

    /**
     * Adds an area that reacts to a tap.
     *
     * @param description of an area without text
     */
    public void onTap(double x, double y, double width, double height, @Nullable String description, Runnable effect) {
        add(x, y, width, height, Kind.BUTTON, description, null, (touchX, touchY) -> effect.run());
    }

    /** Adds an area that also reacts to dragging, such as a slider. */
    public void onDrag(double x, double y, double width, double height, Touch effect) {
        add(x, y, width, height, Kind.SLIDER, null, null, effect);
    }

    /** Adds a text field, which a tap focuses. */
    public void onField(double x, double y, double width, double height, TextField field) {
        add(x, y, width, height, Kind.FIELD, null, field, (touchX, touchY) -> field.focus());
    }

    /** Returns a view that adds areas which are not part of the UI tree, such as the keys of the keyboard. */
    public Touchables outsideTree() {
        return new Touchables(areas, false);
    }

    /** Returns the areas, the topmost last. */
    public List<Area> areas() {
        return List.copyOf(areas);
    }

    /** Returns the effect of a tap at this point; empty outside of touchable areas. */
    public Optional<Touch> tapped(double x, double y) {
        return topmost(x, y).map(Area::touch);
    }

    /** Returns the effect of a drag that starts at this point; empty if it scrolls the content. */
    public Optional<Touch> dragged(double x, double y) {
        return topmost(x, y).filter(area -> area.kind() == Kind.SLIDER).map(Area::touch);
    }

    private void add(
            double x,
            double y,
            double width,
            double height,
            Kind kind,
            @Nullable String description,
            @Nullable TextField field,
            Touch touch) {
        areas.add(new Area(new Rectangle2D.Double(x, y, width, height), kind, description, field, touch, inTree));
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
