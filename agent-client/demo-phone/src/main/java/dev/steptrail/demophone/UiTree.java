package dev.steptrail.demophone;

import dev.steptrail.demophone.internal.draw.DrawnText;
import dev.steptrail.demophone.internal.screen.TextField;
import dev.steptrail.demophone.internal.screen.Touchables.Area;
import dev.steptrail.demophone.internal.screen.Touchables.Kind;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a screen as the XML of {@code uiautomator dump}: touchable areas with the texts in them, then the other texts.
 */
final class UiTree {
    private final String packageName;
    private final Display display;
    private final StringBuilder xml = new StringBuilder();

    private UiTree(String packageName, Display display) {
        this.packageName = packageName;
        this.display = display;
    }

    static String write(ScreenContent content, String packageName, Display display) {
        UiTree tree = new UiTree(packageName, display);
        tree.write(content);
        return tree.xml.toString();
    }

    private void write(ScreenContent content) {
        xml.append("<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"")
                .append(display.rotation())
                .append("\">");
        Rectangle2D all = new Rectangle2D.Double(0, 0, 1080, 2400);
        open(0, "android.widget.FrameLayout", "", "", all, State.NONE);
        List<DrawnText> left = new ArrayList<>(content.texts());
        int index = 0;
        for (Area area : content.areas()) {
            if (area.inTree()) {
                write(index++, area, left);
            }
        }
        for (DrawnText text : left) {
            text(index++, text);
        }
        xml.append("</node></hierarchy>");
    }

    private enum State {
        NONE,
        CLICKABLE,
        FOCUSED
    }

    /** Writes an area and its texts, which are removed from {@code left}. */
    private void write(int index, Area area, List<DrawnText> left) {
        TextField field = area.field();
        String text = field == null ? "" : field.text();
        String description = area.description() == null ? "" : area.description();
        State state = field != null && field.focused() ? State.FOCUSED : State.CLICKABLE;
        open(index, className(area.kind()), text, description, area.bounds(), state);
        int child = 0;
        for (DrawnText drawn : List.copyOf(left)) {
            Rectangle2D bounds = drawn.bounds();
            if (area.bounds().contains(bounds.getCenterX(), bounds.getCenterY())) {
                left.remove(drawn);
                if (field == null) {
                    text(child++, drawn);
                }
            }
        }
        xml.append("</node>");
    }

    private void text(int index, DrawnText text) {
        open(index, "android.widget.TextView", text.text(), "", text.bounds(), State.NONE);
        xml.append("</node>");
    }

    private static String className(Kind kind) {
        return switch (kind) {
            case BUTTON -> "android.view.ViewGroup";
            case SLIDER -> "android.widget.SeekBar";
            case FIELD -> "android.widget.EditText";
        };
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
        attribute("checkable", "false");
        attribute("checked", "false");
        attribute("clickable", Boolean.toString(clickable));
        attribute("enabled", "true");
        attribute("focusable", Boolean.toString(clickable));
        attribute("focused", Boolean.toString(state == State.FOCUSED));
        attribute("scrollable", "false");
        attribute("long-clickable", "false");
        attribute("password", "false");
        attribute("selected", "false");
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
