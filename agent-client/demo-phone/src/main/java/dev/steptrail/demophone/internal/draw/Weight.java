package dev.steptrail.demophone.internal.draw;

/** The stroke weight of a text. */
public enum Weight {
    REGULAR("NotoSansSC-Regular.ttf"),
    BOLD("NotoSansSC-Bold.ttf");

    private final String fontFile;

    Weight(String fontFile) {
        this.fontFile = fontFile;
    }

    String fontFile() {
        return fontFile;
    }
}
