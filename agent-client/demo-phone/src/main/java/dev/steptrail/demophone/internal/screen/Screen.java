package dev.steptrail.demophone.internal.screen;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One screen of the phone, between the system's bars, which the phone adds. */
public final class Screen {
    private final Consumer<Layout> content;
    private final Runnable left;
    private int scrolledRows;

    /** @param content adds the elements of the current state */
    public Screen(Consumer<Layout> content) {
        this(content, () -> {});
    }

    /** @param left called when the user returns to the previous screen */
    Screen(Consumer<Layout> content, Runnable left) {
        this.content = content;
        this.left = left;
    }

    /** Returns the elements of the current state, the topmost last. */
    public List<Element> elements() {
        return layout().elements();
    }

    /** Scrolls after a swipe of {@code dy} pixels down, by whole rows and no further than the list's ends. */
    public void scroll(double dy) {
        int rows = (int) Math.round(dy / Layout.LIST_PITCH);
        scrolledRows = Math.max(0, Math.min(layout().rowsToScroll(), scrolledRows - rows));
    }

    /** Returns the focused text field, if any. */
    public Optional<TextField> focused() {
        return elements().stream()
                .flatMap(element -> Optional.ofNullable(element.field()).stream())
                .filter(TextField::focused)
                .findFirst();
    }

    /** Called when the user returns to the previous screen. */
    public void leave() {
        left.run();
    }

    private Layout layout() {
        Layout layout = new Layout(scrolledRows);
        content.accept(layout);
        return layout;
    }
}
