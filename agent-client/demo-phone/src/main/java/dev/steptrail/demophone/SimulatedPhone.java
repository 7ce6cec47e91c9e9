package dev.steptrail.demophone;

import dev.steptrail.demophone.internal.draw.Canvas;
import dev.steptrail.demophone.internal.draw.Png;
import dev.steptrail.demophone.internal.screen.App;
import dev.steptrail.demophone.internal.screen.HomeScreen;
import dev.steptrail.demophone.internal.screen.LockScreen;
import dev.steptrail.demophone.internal.screen.Navigation;
import dev.steptrail.demophone.internal.screen.RecentsScreen;
import dev.steptrail.demophone.internal.screen.Screen;
import dev.steptrail.demophone.internal.screen.SystemBars;
import dev.steptrail.demophone.internal.screen.TextField;
import dev.steptrail.demophone.internal.screen.Touchables;
import dev.steptrail.demophone.state.PhoneState;
import dev.steptrail.demophone.state.Volumes;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
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
    private static final Screen OFF =
            (canvas, touchables) -> canvas.rectangle(0, 0, Screen.WIDTH, Screen.HEIGHT, Color.BLACK);

    private static final Duration VOLUME_SHOWN = Duration.ofSeconds(5);

    private final PhoneState state;
    private final List<App> apps;
    private final Screen home;
    private final Screen lockScreen;
    private final Navigation navigation = new Stack();
    private final Deque<Screen> screens = new ArrayDeque<>();

    /** The apps that were opened, newest first. */
    private final List<App> recents = new ArrayList<>();

    /** The volume that the key for muting restores. */
    private int volumeBeforeMuting;

    private @Nullable App foreground;
    private boolean awake = true;
    private boolean locked;

    /** Until when the volume is shown. */
    private LocalDateTime volumeShownUntil = LocalDateTime.MIN;

    /** Creates a phone that shows its home screen with {@code clock}'s local time. */
    public SimulatedPhone(Clock clock) {
        System.setProperty("java.awt.headless", "true");
        this.state = new PhoneState(clock);
        this.apps = App.installed(state, navigation);
        this.home = new HomeScreen(state, navigation, apps);
        this.lockScreen = new LockScreen(state);
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
            current().scroll(toX - fromX, toY - fromY);
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
            navigation.launch(app);
        });
        return found.isPresent();
    }

    /** Returns the packages of the installed apps. */
    public List<String> packages() {
        return apps.stream().map(App::packageName).toList();
    }

    /** Returns the package of the app in the foreground; empty on the screens of the system. */
    public Optional<String> foregroundPackage() {
        return current() instanceof RecentsScreen || locked
                ? Optional.empty()
                : Optional.ofNullable(foreground).map(App::packageName);
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
            screens.pop().left();
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

    /** Shows the apps that were opened last. Does nothing while the phone is locked or off. */
    public void openRecents() {
        if (isUsable() && !(current() instanceof RecentsScreen)) {
            screens.push(new RecentsScreen(List.copyOf(recents), navigation));
        }
    }

    /**
     * Changes the media volume and shows it for 5 s, as the volume keys do.
     *
     * @param percent the difference, negative to lower the volume
     */
    public void changeVolume(int percent) {
        setVolume(volume() + percent);
    }

    /** Mutes the media or restores their volume, and shows it for 5 s, as the key does. */
    public void toggleMute() {
        int before = volume();
        setVolume(before == 0 ? volumeBeforeMuting : 0);
        volumeBeforeMuting = before;
    }

    private int volume() {
        return state.volumes().percent(Volumes.Stream.MEDIA);
    }

    private void setVolume(int percent) {
        state.volumes().set(Volumes.Stream.MEDIA, percent);
        volumeShownUntil = state.now().plus(VOLUME_SHOWN);
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
        Screen screen = current();
        screen.draw(canvas, touchables);
        if (!awake) {
            return;
        }
        SystemBars.draw(canvas.withoutTexts(), state.now(), screen.dark());
        if (state.now().isBefore(volumeShownUntil)) {
            SystemBars.drawVolume(canvas.withoutTexts(), volume());
        }
    }

    private Screen current() {
        return !awake ? OFF : locked ? lockScreen : screens.element();
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
            leaveAll();
            open(app.start().get());
            foreground = app;
            recents.remove(app);
            recents.add(0, app);
        }

        @Override
        public void back() {
            leave();
        }
    }
}
