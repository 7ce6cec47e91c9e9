package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.screen.Element.Role;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a screen as the XML of {@code uiautomator dump}: touchable areas with the texts in them, then the other texts.
 */
public final class UiTree {
    private final String packageName;
    private final Display display;
    private final StringBuilder xml = new StringBuilder();

    private UiTree(String packageName, Display display) {
        this.packageName = packageName;
        this.display = display;
    }

    /**
     * Returns the hierarchy as XML.
     *
     * @param elements the topmost last
     */
    public static String write(List<Element> elements, String packageName, Display display) {
        UiTree tree = new UiTree(packageName, display);
        tree.write(elements);
        return tree.xml.toString();
    }

    private void write(List<Element> elements) {
        xml.append("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"")
                .append(display.rotation())
                .append("\">");
        open(0, "android.widget.FrameLayout", "", "", new Rectangle2D.Double(0, 0, 1080, 2400), State.NONE);
        List<Element> texts = new ArrayList<>();
        elements.stream().filter(element -> element.role() == Role.TEXT).forEach(texts::add);
        int index = 0;
        for (Element element : elements) {
            switch (element.role()) {
                case BUTTON -> area(index++, "android.view.ViewGroup", element, texts);
                case SLIDER -> area(index++, "android.widget.SeekBar", element, texts);
                case FIELD -> area(index++, "android.widget.EditText", element, texts);
                case PICTURE, TEXT, KEY -> {}
            }
        }
        for (Element text : texts) {
            text(index++, text);
        }
        xml.append("</node></hierarchy>");
    }

    private enum State {
        NONE,
        CLICKABLE,
        FOCUSED
    }

    /** Writes an area and its texts, which are removed from {@code texts}. */
    private void area(int index, String className, Element area, List<Element> texts) {
        TextField field = area.field();
        State state = field != null && field.focused() ? State.FOCUSED : State.CLICKABLE;
        open(index, className, field == null ? "" : field.text(), area.text(), area.bounds(), state);
        int child = 0;
        for (Element text : List.copyOf(texts)) {
            Rectangle2D bounds = text.bounds();
            if (area.bounds().contains(bounds.getCenterX(), bounds.getCenterY())) {
                texts.remove(text);
                if (field == null) {
                    text(child++, text);
                }
            }
        }
        xml.append("</node>");
    }

    private void text(int index, Element text) {
        open(index, "android.widget.TextView", text.text(), "", text.bounds(), State.NONE);
        xml.append("</node>");
    }

    private void open(int index, String className, String text, String description, Rectangle2D bounds, State state) {
        boolean clickable = state != State.NONE;
        xml.append("<node");
        attribute("index", Integer.toString(index));
        attribute("text", text);
        attribute("resource-id", "");
        attribute("class", className);
        attribute("package", packageName);
        attribute("content-desc", description);
        attribute("clickable", Boolean.toString(clickable));
        attribute("focusable", Boolean.toString(clickable));
        attribute("focused", Boolean.toString(state == State.FOCUSED));
        attribute("enabled", "true");
        for (String name : List.of("checkable", "checked", "scrollable", "long-clickable", "password", "selected")) {
            attribute(name, "false");
        }
        attribute(
                "bounds",
                "[%d,%d][%d,%d]"
                        .formatted(
                                clampX(bounds.getMinX()),
                                clampY(bounds.getMinY()),
                                clampX(bounds.getMaxX()),
                                clampY(bounds.getMaxY())));
        xml.append('>');
    }

    private int clampX(double x) {
        return Math.max(0, Math.min(display.width(), display.toScreenX(x)));
    }

    private int clampY(double y) {
        return Math.max(0, Math.min(display.height(), display.toScreenY(y)));
    }

    /** Writes an attribute, escaped. Characters that XML does not allow become dots, as uiautomator writes them. */
    private void attribute(String name, String value) {
        xml.append(' ').append(name).append("=\"");
        value.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '"' -> xml.append("&quot;");
                case '\n' -> xml.append("&#10;");
                default -> {
                    boolean allowed = (c >= ' ' && c < 0xD800) || (c > 0xDFFF && c < 0xFFFE) || c > 0xFFFF;
                    xml.appendCodePoint(allowed ? c : '.');
                }
            }
        });
        xml.append('"');
    }
}
