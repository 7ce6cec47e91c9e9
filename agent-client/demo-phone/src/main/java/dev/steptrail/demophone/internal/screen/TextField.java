package dev.steptrail.demophone.internal.screen;

/** Text that is being typed. */
public final class TextField {
    private final StringBuilder text = new StringBuilder();
    private boolean focused;

    public void type(String more) {
        text.append(more);
    }

    public void clear() {
        text.setLength(0);
    }

    /** Deletes the last user-perceived character. */
    public void erase() {
        if (!text.isEmpty()) {
            text.setLength(text.offsetByCodePoints(text.length(), -1));
        }
    }

    public String text() {
        return text.toString();
    }

    public boolean focused() {
        return focused;
    }

    void focus() {
        focused = true;
    }
}
