package dev.steptrail.demophone;

import dev.steptrail.demophone.draw.Canvas;
import dev.steptrail.demophone.draw.Png;
import dev.steptrail.demophone.screen.App;
import dev.steptrail.demophone.screen.HomeScreen;
import dev.steptrail.demophone.screen.Navigation;
import dev.steptrail.demophone.screen.Screen;
import dev.steptrail.demophone.screen.SystemBars;
import dev.steptrail.demophone.screen.TextField;
import dev.steptrail.demophone.screen.Touchables;
import dev.steptrail.demophone.state.PhoneState;
import java.awt.image.BufferedImage;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A simulated phone of 1080 by 2400 pixels. It draws its screens and reacts to touches: a tap on an icon opens the app,
 * a slider follows a swipe, and typed text goes into the focused field.
 *
 * <p>Needs neither a display nor installed fonts. Points are given as Open-AutoGLM gives them: thousandths of the
 * screen's width and height, from its upper left corner. Deterministic. Not thread-safe.
 */
public final class SimulatedPhone {
    private final PhoneState state;
    private final List<App> apps;
    private final Screen home;
    private final Deque<Screen> screens = new ArrayDeque<>();

    /** Creates a phone that shows its home screen with {@code clock}'s local time. */
    public SimulatedPhone(Clock clock) {
        System.setProperty("java.awt.headless", "true");
        Navigation navigation = new Stack();
        this.state = new PhoneState(clock);
        this.apps = App.installed(state, navigation);
        this.home = new HomeScreen(state, navigation, apps);
        screens.push(home);
    }

    /** Returns the current screen as a PNG file. */
    public byte[] screenshot() {
        return Png.encode(image());
    }

    /** Touches the screen at a point. Does nothing outside of touchable areas. */
    public void tap(int x, int y) {
        touchables().tapped(pixelX(x), pixelY(y)).ifPresent(touch -> touch.at(pixelX(x), pixelY(y)));
    }

    /** Swipes over the screen: drags the slider at the start point, otherwise scrolls. */
    public void swipe(int fromX, int fromY, int toX, int toY) {
        Optional<Touchables.Touch> slider = touchables().dragged(pixelX(fromX), pixelY(fromY));
        if (slider.isPresent()) {
            slider.get().at(pixelX(toX), pixelY(toY));
        } else {
            screens.element().scroll(pixelX(toX) - pixelX(fromX), pixelY(toY) - pixelY(fromY));
        }
    }

    /** Opens an app by the name below its icon; returns false if no such app is installed. */
    public boolean launch(String app) {
        for (App installed : apps) {
            if (installed.name().equals(app)) {
                home();
                screens.push(installed.start().get());
                return true;
            }
        }
        return false;
    }

    /** Types into the focused text field; returns false if there is none. */
    public boolean type(String text) {
        Optional<TextField> field = screens.element().focused();
        field.ifPresent(focused -> focused.type(text));
        return field.isPresent();
    }

    /** Returns to the previous screen. Does nothing on the home screen. */
    public void back() {
        if (screens.element() != home) {
            screens.pop().left();
        }
    }

    public void home() {
        while (screens.element() != home) {
            back();
        }
    }

    PhoneState state() {
        return state;
    }

    /** Draws the current screen, 1080 pixels wide. */
    public BufferedImage image() {
        return image(Screen.WIDTH);
    }

    /** Draws the current screen at another width with the same proportions. */
    public BufferedImage image(int width) {
        int height = Math.round((float) width * Screen.HEIGHT / Screen.WIDTH);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        draw(image, (double) width / Screen.WIDTH);
        return image;
    }

    /** Draws the current screen and returns its touchable areas. */
    private Touchables draw(BufferedImage image, double scale) {
        Canvas canvas = new Canvas(image, scale);
        Touchables touchables = new Touchables();
        Screen screen = screens.element();
        screen.draw(canvas, touchables);
        SystemBars.draw(canvas, state.now(), screen.dark());
        return touchables;
    }

    private Touchables touchables() {
        return draw(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), 1);
    }

    private static double pixelX(int thousandths) {
        return thousandths * Screen.WIDTH / 1000.0;
    }

    private static double pixelY(int thousandths) {
        return thousandths * Screen.HEIGHT / 1000.0;
    }

    private final class Stack implements Navigation {
        @Override
        public void open(Screen screen) {
            screens.push(screen);
        }

        @Override
        public void back() {
            SimulatedPhone.this.back();
        }
    }
}
