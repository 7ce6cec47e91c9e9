package dev.steptrail.demophone.internal.screen;

/** Text that is being typed, at a cursor. */
public final class TextField {
    private final StringBuilder text = new StringBuilder();
    private int cursor;
    private boolean focused;

    public void type(String more) {
        text.insert(cursor, more);
        cursor += more.length();
    }

    public void clear() {
        text.setLength(0);
        cursor = 0;
    }

    /** Deletes the character before the cursor. */
    public void erase() {
        int end = cursor;
        moveLeft();
        text.delete(cursor, end);
    }

    /** Deletes the character after the cursor. */
    public void eraseForward() {
        int start = cursor;
        moveRight();
        text.delete(start, cursor);
        cursor = start;
    }

    public void moveLeft() {
        cursor = cursor == 0 ? 0 : text.offsetByCodePoints(cursor, -1);
    }

    public void moveRight() {
        cursor = cursor == text.length() ? cursor : text.offsetByCodePoints(cursor, 1);
    }

    /** Moves the cursor to the start of its line. */
    public void moveToLineStart() {
        cursor = cursor == 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
    }

    /** Moves the cursor to the end of its line, as Android does, not to the end of the text. */
    public void moveToLineEnd() {
        int end = text.indexOf("\n", cursor);
        cursor = end < 0 ? text.length() : end;
    }

    public String text() {
        return text.toString();
    }

    /** Returns the text before the cursor. */
    String textBeforeCursor() {
        return text.substring(0, cursor);
    }

    public boolean focused() {
        return focused;
    }

    void focus() {
        focused = true;
    }
}
