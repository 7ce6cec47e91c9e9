package dev.steptrail.localcloud.phone;

import dev.steptrail.localcloud.phone.draw.Canvas;
import dev.steptrail.localcloud.phone.draw.Png;
import dev.steptrail.localcloud.phone.screen.App;
import dev.steptrail.localcloud.phone.screen.HomeScreen;
import dev.steptrail.localcloud.phone.screen.Navigation;
import dev.steptrail.localcloud.phone.screen.Screen;
import dev.steptrail.localcloud.phone.screen.SystemBars;
import dev.steptrail.localcloud.phone.screen.TextField;
import dev.steptrail.localcloud.phone.screen.Touchables;
import dev.steptrail.localcloud.phone.state.PhoneState;
import dev.steptrail.tracker.ActionResult;
import java.awt.image.BufferedImage;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A phone of 1080 by 2400 pixels whose screens are drawn, and whose state changes as a finger would change it: a tap on
 * an app's icon opens it, a slider goes to where it is dragged, what is typed goes into the field that has the focus.
 *
 * <p>Needs neither a display nor installed fonts. Points are given as Open-AutoGLM gives them: thousandths of the
 * screen's width and height, from its upper left corner. The same actions at the same times give the same pixels. For
 * one thread.
 */
public final class SimulatedPhone {
    private final PhoneState state;
    private final List<App> apps;
    private final Screen home;
    private final Deque<Screen> screens = new ArrayDeque<>();

    /** A phone that shows its home screen, with {@code clock}'s time in its zone on it. */
    public SimulatedPhone(Clock clock) {
        System.setProperty("java.awt.headless", "true");
        Navigation navigation = new Stack();
        this.state = new PhoneState(clock);
        this.apps = App.installed(state, navigation);
        this.home = new HomeScreen(state, navigation, apps);
        screens.push(home);
    }

    /** What the phone shows now, as a PNG file. */
    public byte[] screenshot() {
        return Png.encode(image());
    }

    /** Touches the screen at a point; where nothing answers to a touch, nothing happens. */
    public void tap(int x, int y) {
        touchables().tapped(pixelX(x), pixelY(y)).ifPresent(touch -> touch.at(pixelX(x), pixelY(y)));
    }

    /** Moves a finger over the screen: drags the slider that it starts on, else scrolls. */
    public void swipe(int fromX, int fromY, int toX, int toY) {
        Optional<Touchables.Touch> slider = touchables().dragged(pixelX(fromX), pixelY(fromY));
        if (slider.isPresent()) {
            slider.get().at(pixelX(toX), pixelY(toY));
        } else {
            screens.element().scroll(pixelX(toX) - pixelX(fromX), pixelY(toY) - pixelY(fromY));
        }
    }

    /** Opens an app by the name below its icon. Fails where none of that name is installed. */
    public ActionResult launch(String app) {
        for (App installed : apps) {
            if (installed.name().equals(app)) {
                home();
                screens.push(installed.start().get());
                return ActionResult.succeeded();
            }
        }
        return ActionResult.failed("App not found: " + app);
    }

    /** Types into the text field that has the focus. Fails where none has. */
    public ActionResult type(String text) {
        Optional<TextField> field = screens.element().focused();
        field.ifPresent(focused -> focused.type(text));
        return field.isPresent()
                ? ActionResult.succeeded()
                : ActionResult.failed("No text field has the focus: tap one before typing");
    }

    /** To the screen before this one; on the home screen, nothing happens. */
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

    /** Draws what the phone shows now, 1080 pixels wide. */
    public BufferedImage image() {
        return image(Screen.WIDTH);
    }

    /** Draws what the phone shows now, at another size with the same proportions. */
    public BufferedImage image(int width) {
        int height = Math.round((float) width * Screen.HEIGHT / Screen.WIDTH);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        draw(image, (double) width / Screen.WIDTH);
        return image;
    }

    /** Draws what the phone shows and returns what can be touched on it. */
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
