package dev.steptrail.demophone.internal.screen;

import dev.steptrail.demophone.internal.screen.Element.Role;
import dev.steptrail.demophone.internal.screen.Element.Touch;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Collects the elements of a screen, in pixels of a screen of 1080 by 2400. */
public final class Layout {
    public static final int WIDTH = 1080;
    public static final int HEIGHT = 2400;

    static final Color GROUND = new Color(0xF2F4F8);
    static final Color BAR = new Color(0x24344F);
    static final Color INK = new Color(0x1A1D26);
    static final Color MUTED = new Color(0x6B7280);
    static final Color ACCENT = new Color(0x2F6BFF);
    private static final Color TRACK = new Color(0xDDE3EE);

    /** Sizes of text, in pixels per em. */
    static final double TITLE = 52;

    static final double BODY = 46;
    static final double DETAIL = 38;

    /** Left and right of a card. */
    static final int MARGIN = 48;

    static final int CARD_WIDTH = WIDTH - 2 * MARGIN;
    static final double LIST_TOP = 330;
    static final double LIST_PITCH = 302;
    private static final double LIST_CARD = 270;

    private final List<Element> elements = new ArrayList<>();
    private final int scrolledRows;
    private int rowsToScroll;

    /** @param scrolledRows how many rows of the list are above the screen */
    Layout(int scrolledRows) {
        this.scrolledRows = scrolledRows;
    }

    public Layout() {
        this(0);
    }

    /** Returns the elements, the topmost last. */
    public List<Element> elements() {
        return List.copyOf(elements);
    }

    int rowsToScroll() {
        return rowsToScroll;
    }

    void addAll(List<Element> more) {
        elements.addAll(more);
    }

    /** Fills the whole screen. */
    public void ground(Color color) {
        box(0, 0, WIDTH, HEIGHT, color);
    }

    public void box(double x, double y, double width, double height, Color color) {
        add(Role.PICTURE, x, y, width, height, color, "", null, null);
    }

    /** Adds a text to the right of {@code x}, on the baseline {@code y}. */
    void text(String text, double x, double y, double size, Color color) {
        text(Role.TEXT, text, x, y, size, color);
    }

    void centered(String text, double center, double y, double size, Color color) {
        text(text, center - Typeface.width(text, size) / 2, y, size, color);
    }

    void endingAt(String text, double right, double y, double size, Color color) {
        text(text, right - Typeface.width(text, size), y, size, color);
    }

    /** Adds a text that is not part of the UI tree. */
    void picture(String text, double center, double y, double size, Color color) {
        text(Role.PICTURE, text, center - Typeface.width(text, size) / 2, y, size, color);
    }

    private void text(Role role, String text, double x, double y, double size, Color color) {
        if (!text.isEmpty()) {
            double width = Typeface.width(text, size);
            add(role, x, y - size, width, size * Typeface.LINE_HEIGHT, color, text, null, null);
        }
    }

    /**
     * Adds an area that reacts to a tap.
     *
     * @param description of an area without text
     */
    void button(double x, double y, double width, double height, String description, Runnable tapped) {
        add(Role.BUTTON, x, y, width, height, null, description, null, (touchX, touchY) -> tapped.run());
    }

    /** Adds a box with a label, which reacts to a tap. */
    void labelled(
            double x, double y, double width, double height, String label, Color color, Color ink, Runnable tapped) {
        box(x, y, width, height, color);
        centered(label, x + width / 2, y + height / 2 + 17, BODY, ink);
        button(x, y, width, height, "", tapped);
    }

    /** Adds the bar at the top of an app: a back arrow and the title. */
    void appBar(String title, Runnable back) {
        box(0, 0, WIDTH, 300, BAR);
        picture("←", 94, 232, TITLE, Color.WHITE);
        button(20, 150, 140, 130, "返回", back);
        text(title, 168, 235, TITLE, Color.WHITE);
    }

    /** Adds a colored square with the first character of {@code name}. */
    void icon(String name, double x, double y, double size, Color color) {
        box(x, y, size, size, color);
        picture(name.substring(0, 1), x + size / 2, y + size * 0.68, size / 2, Color.WHITE);
    }

    /** Adds a row of a list of settings. */
    void row(double y, String label, String value, Color color, Runnable tapped) {
        box(MARGIN, y, CARD_WIDTH, 146, Color.WHITE);
        icon(label, 88, y + 33, 84, color);
        text(label, 208, y + 91, BODY, INK);
        endingAt(value, 948, y + 89, DETAIL, MUTED);
        picture("›", 979, y + 91, BODY, MUTED);
        button(MARGIN, y, CARD_WIDTH, 146, "", tapped);
    }

    /** A card of a list: a title, a line of text and a value on the right. */
    record Card(
            String title,
            String text,
            String value,
            @Nullable Runnable tapped) {}

    /** Adds the cards that fit below {@code top}, after those that were scrolled away. */
    void list(double top, List<Card> cards) {
        int fitting = (int) ((HEIGHT - 80 - top) / LIST_PITCH);
        rowsToScroll = Math.max(0, cards.size() - fitting);
        double y = top;
        for (Card card : cards.subList(scrolledRows, Math.min(cards.size(), scrolledRows + fitting))) {
            box(MARGIN, y, CARD_WIDTH, LIST_CARD, Color.WHITE);
            text(cut(card.title(), 888, TITLE), 96, y + 104, TITLE, INK);
            text(cut(card.text(), 888, BODY), 96, y + 196, BODY, MUTED);
            endingAt(card.value(), 984, y + 104, DETAIL, MUTED);
            Runnable tapped = card.tapped();
            if (tapped != null) {
                button(MARGIN, y, CARD_WIDTH, LIST_CARD, "", tapped);
            }
            y += LIST_PITCH;
        }
    }

    /** Adds a bar from 0 to 100 percent whose knob follows taps and swipes. */
    void slider(double y, int percent, IntConsumer moved) {
        double left = 112;
        double length = 856;
        double knob = left + length * percent / 100;
        box(left - 12, y - 12, length + 24, 24, TRACK);
        box(left - 12, y - 12, knob - left + 24, 24, ACCENT);
        box(knob - 28, y - 28, 56, 56, ACCENT);
        Touch touch = (x, touchY) -> moved.accept((int) Math.round((x - left) / length * 100));
        add(Role.SLIDER, left - 40, y - 60, length + 80, 120, null, "", null, touch);
    }

    /** Adds a text field below {@code y}, which a tap focuses. It then has a cursor and the keyboard. */
    void field(double y, String hint, TextField field) {
        double lineHeight = 78;
        double width = WIDTH - 144.0;
        Touch touch = (touchX, touchY) -> field.focus();
        add(Role.FIELD, 0, y, WIDTH, HEIGHT - 100 - y, null, "", field, touch);
        if (field.text().isEmpty() && !field.focused()) {
            text(hint, 72, y + 70, BODY, MUTED);
        }
        double baseline = y + 70;
        for (String line : lines(field.text(), width, BODY)) {
            text(line, 72, baseline, BODY, INK);
            baseline += lineHeight;
        }
        if (field.focused()) {
            List<String> before = lines(field.textBeforeCursor(), width, BODY);
            double x = 76 + Typeface.width(before.get(before.size() - 1), BODY);
            box(x - 2, y + 28 + lineHeight * (before.size() - 1), 5, 52, ACCENT);
            keyboard(field);
        }
    }

    private void keyboard(TextField field) {
        double top = 1560;
        add(Role.KEY, 0, top, WIDTH, HEIGHT - top, new Color(0xD5D9E2), "", null, (x, y) -> {});
        letters(field, "qwertyuiop", 0, 5);
        letters(field, "asdfghjkl", 1, 59);
        letters(field, "zxcvbnm", 2, 59);
        key(864, 2, 204, "删除", field::erase);
        key(12, 3, 204, "，", () -> field.type("，"));
        key(228, 3, 570, "空格", () -> field.type(" "));
        key(810, 3, 258, "换行", () -> field.type("\n"));
    }

    private void letters(TextField field, String letters, int row, double left) {
        for (int i = 0; i < letters.length(); i++) {
            String letter = letters.substring(i, i + 1);
            key(left + i * 108, row, 98, letter, () -> field.type(letter));
        }
    }

    private void key(double x, int row, double width, String label, Runnable pressed) {
        double y = 1584 + row * 166;
        add(Role.KEY, x, y, width, 142, Color.WHITE, "", null, (touchX, touchY) -> pressed.run());
        picture(label, x + width / 2, y + 88, BODY, INK);
    }

    private void add(
            Role role,
            double x,
            double y,
            double width,
            double height,
            @Nullable Color color,
            String text,
            @Nullable TextField field,
            @Nullable Touch touch) {
        Rectangle2D bounds = new Rectangle2D.Double(x, y, width, height);
        elements.add(new Element(role, bounds, color, text, field, touch));
    }

    /** Truncates {@code text} to one line of {@code width} pixels, with an ellipsis. */
    static String cut(String text, double width, double size) {
        return Typeface.width(text, size) <= width
                ? text
                : lines(text, width - Typeface.width("…", size), size).get(0) + "…";
    }

    /**
     * Returns the lines of {@code text}, at least one. Lines break between any two characters, as in Chinese, and at
     * each newline. Only single characters can exceed {@code width} pixels.
     */
    static List<String> lines(String text, double width, double size) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            StringBuilder line = new StringBuilder();
            for (String character :
                    paragraph.codePoints().mapToObj(Character::toString).toList()) {
                if (!line.isEmpty() && Typeface.width(line + character, size) > width) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(character);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
