package dev.steptrail.demophone;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.Png;
import dev.steptrail.demophone.internal.screen.App;
import dev.steptrail.demophone.internal.screen.HomeScreen;
import dev.steptrail.demophone.internal.screen.Navigation;
import dev.steptrail.demophone.internal.screen.Screen;
import dev.steptrail.demophone.internal.screen.SystemBars;
import dev.steptrail.demophone.internal.screen.TextField;
import dev.steptrail.demophone.internal.screen.Touchables;
import dev.steptrail.demophone.state.PhoneState;
import java.awt.image.BufferedImage;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    private @Nullable App foreground;

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
        tapPixel(pixelX(x), pixelY(y));
    }

    /** Touches the screen at a point in pixels of a screen of 1080 by 2400. */
    public void tapPixel(double x, double y) {
        touchables().tapped(x, y).ifPresent(touch -> touch.at(x, y));
    }

    /** Swipes over the screen: drags the slider at the start point, otherwise scrolls. */
    public void swipe(int fromX, int fromY, int toX, int toY) {
        swipePixels(pixelX(fromX), pixelY(fromY), pixelX(toX), pixelY(toY));
    }

    /** Swipes between points in pixels of a screen of 1080 by 2400. */
    public void swipePixels(double fromX, double fromY, double toX, double toY) {
        Optional<Touchables.Touch> slider = touchables().dragged(fromX, fromY);
        if (slider.isPresent()) {
            slider.get().at(toX, toY);
        } else {
            screens.element().scroll(toX - fromX, toY - fromY);
        }
    }

    /** Opens an app by the name below its icon; returns false if no such app is installed. */
    public boolean launch(String app) {
        return launch(installed -> installed.name().equals(app));
    }

    /** Opens an app by its package; returns false if it is not installed. */
    public boolean launchPackage(String packageName) {
        return launch(installed -> installed.packageName().equals(packageName));
    }

    private boolean launch(Predicate<App> wanted) {
        Optional<App> found = apps.stream().filter(wanted).findFirst();
        found.ifPresent(app -> {
            home();
            new Stack().launch(app);
        });
        return found.isPresent();
    }

    /** Returns the packages of the installed apps. */
    public List<String> packages() {
        return apps.stream().map(App::packageName).toList();
    }

    /** Returns the package of the app in the foreground; empty on the home screen. */
    public Optional<String> foregroundPackage() {
        return Optional.ofNullable(foreground).map(App::packageName);
    }

    /** Types into the focused text field; returns false if there is none. */
    public boolean type(String text) {
        Optional<TextField> field = screens.element().focused();
        field.ifPresent(focused -> focused.type(text));
        return field.isPresent();
    }

    /** Deletes the text of the focused text field, if any. */
    public void clearText() {
        screens.element().focused().ifPresent(TextField::clear);
    }

    /** Deletes the character before the cursor of the focused text field, if any. */
    public void erase() {
        screens.element().focused().ifPresent(TextField::erase);
    }

    /** Returns to the previous screen. Does nothing on the home screen. */
    public void back() {
        if (screens.element() != home) {
            screens.pop().left();
        }
        if (screens.element() == home) {
            foreground = null;
        }
    }

    public void home() {
        while (screens.element() != home) {
            back();
        }
    }

    /** Returns the state that the screens show. */
    public PhoneState state() {
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
        double scale = (double) width / Screen.WIDTH;
        draw(new Canvas(image, scale, scale), new Touchables());
        return image;
    }

    /** Draws the current screen, stretched to the size of {@code image}. */
    public void drawOn(BufferedImage image) {
        double scaleX = (double) image.getWidth() / Screen.WIDTH;
        draw(new Canvas(image, scaleX, (double) image.getHeight() / Screen.HEIGHT), new Touchables());
    }

    /** Draws only the status bar and the gesture bar, stretched to the size of {@code image}. */
    public void drawSystemBarsOn(BufferedImage image) {
        double scaleX = (double) image.getWidth() / Screen.WIDTH;
        SystemBars.draw(new Canvas(image, scaleX, (double) image.getHeight() / Screen.HEIGHT), state.now(), true);
    }

    /** Returns what the current screen shows. */
    ScreenContent content() {
        Touchables touchables = new Touchables();
        Canvas canvas = nowhere();
        draw(canvas, touchables);
        return new ScreenContent(touchables.areas(), canvas.texts());
    }

    private void draw(Canvas canvas, Touchables touchables) {
        Screen screen = screens.element();
        screen.draw(canvas, touchables);
        SystemBars.draw(canvas.withoutTexts(), state.now(), screen.dark());
    }

    private Touchables touchables() {
        Touchables touchables = new Touchables();
        draw(nowhere(), touchables);
        return touchables;
    }

    private static Canvas nowhere() {
        return new Canvas(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), 1, 1);
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
        public void launch(App app) {
            open(app.start().get());
            foreground = app;
        }

        @Override
        public void back() {
            SimulatedPhone.this.back();
        }
    }
}
