package dev.steptrail.demophone;

import dev.steptrail.demophone.internal.screen.App;
import dev.steptrail.demophone.internal.screen.Element;
import dev.steptrail.demophone.internal.screen.Element.Role;
import dev.steptrail.demophone.internal.screen.Element.Touch;
import dev.steptrail.demophone.internal.screen.Layout;
import dev.steptrail.demophone.internal.screen.Navigation;
import dev.steptrail.demophone.internal.screen.Painter;
import dev.steptrail.demophone.internal.screen.Screen;
import dev.steptrail.demophone.internal.screen.Screens;
import dev.steptrail.demophone.internal.screen.TextField;
import dev.steptrail.demophone.state.PhoneState;
import dev.steptrail.demophone.state.PhoneState.Stream;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
    /** The screen while it is switched off. Touches have no effect. */
    private static final Screen OFF = new Screen(layout -> layout.ground(Color.BLACK));

    private final PhoneState state;
    private final List<App> apps;
    private final Navigation navigation = new Stack();
    private final Screen home;
    private final Screen lockScreen;
    private final Deque<Screen> screens = new ArrayDeque<>();

    private @Nullable App foreground;
    private boolean awake = true;
    private boolean locked;

    /** Creates a phone that shows its home screen with {@code clock}'s local time. */
    public SimulatedPhone(Clock clock) {
        System.setProperty("java.awt.headless", "true");
        this.state = new PhoneState(clock);
        Screens system = new Screens(state, navigation);
        this.apps = system.apps();
        this.home = system.home(apps);
        this.lockScreen = system.lock();
        screens.push(home);
    }

    /** Returns the current screen as a PNG file. */
    public byte[] screenshot() {
        return Painter.png(image());
    }

    /** Touches the screen at a point in thousandths. Does nothing outside of touchable areas. */
    public void tap(int x, int y) {
        tapPixel(pixelX(x), pixelY(y));
    }

    /** Touches the screen at a point in pixels of a screen of 1080 by 2400. */
    public void tapPixel(double x, double y) {
        topmost(x, y).map(Element::touch).ifPresent(touch -> touch.at(x, y));
    }

    /** Swipes between points in thousandths: drags the slider at the start point, otherwise scrolls. */
    public void swipe(int fromX, int fromY, int toX, int toY) {
        swipePixels(pixelX(fromX), pixelY(fromY), pixelX(toX), pixelY(toY));
    }

    /** Swipes between points in pixels of a screen of 1080 by 2400. */
    public void swipePixels(double fromX, double fromY, double toX, double toY) {
        Optional<Touch> slider = topmost(fromX, fromY)
                .filter(element -> element.role() == Role.SLIDER)
                .map(Element::touch);
        if (slider.isPresent()) {
            slider.get().at(toX, toY);
        } else {
            current().scroll(toY - fromY);
        }
    }

    /** Returns the touchable element at a point; if elements overlap, the one added last. */
    private Optional<Element> topmost(double x, double y) {
        return elements().stream()
                .filter(element -> element.touch() != null && element.bounds().contains(x, y))
                .reduce((lower, upper) -> upper);
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
        found.ifPresent(navigation::launch);
        return found.isPresent();
    }

    /** Returns the packages of the installed apps. */
    public List<String> packages() {
        return apps.stream().map(App::packageName).toList();
    }

    /** Returns the package of the app in the foreground; empty on the screens of the system. */
    public Optional<String> foregroundPackage() {
        return locked ? Optional.empty() : Optional.ofNullable(foreground).map(App::packageName);
    }

    /** Returns whether a text field has the focus. */
    public boolean hasTextFocus() {
        return current().focused().isPresent();
    }

    /** Types into the focused text field; returns false if there is none. */
    public boolean type(String text) {
        Optional<TextField> field = current().focused();
        field.ifPresent(focused -> focused.type(text));
        return field.isPresent();
    }

    /** Edits the focused text field, if any. */
    void edit(Consumer<TextField> edit) {
        current().focused().ifPresent(edit);
    }

    /** Returns to the previous screen. Does nothing on the home screen, and while the phone is locked or off. */
    public void back() {
        if (isUsable()) {
            leave();
        }
    }

    private void leave() {
        if (screens.element() != home) {
            screens.pop().leave();
        }
        if (screens.element() == home) {
            foreground = null;
        }
    }

    /** Returns to the home screen. Does nothing while the phone is locked or off. */
    public void home() {
        if (isUsable()) {
            leaveAll();
        }
    }

    private void leaveAll() {
        while (screens.element() != home) {
            leave();
        }
    }

    private boolean isUsable() {
        return awake && !locked;
    }

    /**
     * Changes the media volume, as the volume keys do.
     *
     * @param percent the difference, negative to lower the volume
     */
    public void changeVolume(int percent) {
        state.setVolume(Stream.MEDIA, state.volume(Stream.MEDIA) + percent);
    }

    /** Returns whether the screen is on. */
    public boolean awake() {
        return awake;
    }

    /** Switches the screen on or off. */
    public void setAwake(boolean awake) {
        this.awake = awake;
    }

    /** Returns whether the phone shows its lock screen. */
    public boolean locked() {
        return locked;
    }

    /** Locks the phone, as one with a password, or unlocks it. */
    public void setLocked(boolean locked) {
        this.locked = locked;
    }

    /** Returns the state that the screens show. */
    public PhoneState state() {
        return state;
    }

    /** Draws the current screen, 1080 by 2400 pixels. */
    public BufferedImage image() {
        BufferedImage image = new BufferedImage(Layout.WIDTH, Layout.HEIGHT, BufferedImage.TYPE_INT_RGB);
        Painter.paint(elements(), image);
        return image;
    }

    /** Returns the elements of the current screen and of the system's bars, the topmost last. */
    List<Element> elements() {
        List<Element> elements = new ArrayList<>(current().elements());
        if (awake) {
            elements.addAll(systemBars());
        }
        return elements;
    }

    /** Returns the status bar and the gesture bar. */
    List<Element> systemBars() {
        return Screens.systemBars(state.now());
    }

    private Screen current() {
        return !awake ? OFF : locked ? lockScreen : screens.element();
    }

    private static double pixelX(int thousandths) {
        return thousandths * Layout.WIDTH / 1000.0;
    }

    private static double pixelY(int thousandths) {
        return thousandths * Layout.HEIGHT / 1000.0;
    }

    private final class Stack implements Navigation {
        @Override
        public void open(Screen screen) {
            screens.push(screen);
        }

        @Override
        public void launch(App app) {
            leaveAll();
            open(app.start().get());
            foreground = app;
        }

        @Override
        public void back() {
            leave();
        }
    }
}
