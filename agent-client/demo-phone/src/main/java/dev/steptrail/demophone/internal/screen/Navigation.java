package dev.steptrail.demophone.internal.screen;

/** Navigation between screens. */
public interface Navigation {
    void open(Screen screen);

    /** Opens the first screen of an app. */
    void launch(App app);

    /** Returns to the screen that opened this one. */
    void back();
}
