package dev.steptrail.cli.phone;

import dev.steptrail.phone.autoglm.AppTable;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.Key;
import dev.steptrail.phone.device.ScreenSize;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The commands that send an input to a phone. Each input is sent once. */
public final class InputCommands {
    private static final String PIXELS = " in pixels from the upper left corner.";

    private InputCommands() {}

    /** A command with points on the screen. Android accepts points outside of it, and does nothing. */
    private abstract static class TouchCommand extends PhoneCommand {
        /** The size is read once; a swipe has two points. */
        private @Nullable ScreenSize screen;

        final void requireOnScreen(Device phone, int x, int y) throws DeviceException, InterruptedException {
            ScreenSize size = screen == null ? phone.screenSize() : screen;
            screen = size;
            if (!size.contains(x, y)) {
                throw usageError("the point " + x + " " + y + " is outside of the screen of " + phone.serial()
                        + ": expected 0 0 to " + (size.width() - 1) + " " + (size.height() - 1));
            }
        }
    }

    @Command(
            name = "tap",
            description = "Tap the screen of a phone.",
            footer = {
                "  steptrail tap 540 1200",
                "  steptrail tap 540 1200 --hold 3000 --device emulator-5554",
                DeviceOptions.ENVIRONMENT
            })
    public static final class Tap extends TouchCommand {
        @Parameters(index = "0", paramLabel = "X", description = "Horizontal position" + PIXELS)
        private int x;

        @Parameters(index = "1", paramLabel = "Y", description = "Vertical position" + PIXELS)
        private int y;

        @Option(names = "--double", description = "Tap twice.")
        private boolean twice;

        @Option(names = "--hold", paramLabel = "MS", description = "Hold for this many milliseconds.")
        private int holdMillis;

        @Override
        void check() {
            requireAtLeast(0, "--hold", holdMillis);
            if (twice && holdMillis > 0) {
                throw usageError("--double and --hold exclude each other");
            }
        }

        @Override
        void run(Device phone) throws DeviceException, InterruptedException {
            requireOnScreen(phone, x, y);
            if (twice) {
                phone.doubleTap(x, y);
            } else if (holdMillis > 0) {
                phone.longPress(x, y, Duration.ofMillis(holdMillis));
            } else {
                phone.tap(x, y);
            }
        }
    }

    @Command(
            name = "swipe",
            description = "Swipe over the screen of a phone.",
            footer = {"  steptrail swipe 540 1800 540 600 --ms 500", DeviceOptions.ENVIRONMENT})
    public static final class Swipe extends TouchCommand {
        @Parameters(index = "0", paramLabel = "X1", description = "Start: horizontal position" + PIXELS)
        private int fromX;

        @Parameters(index = "1", paramLabel = "Y1", description = "Start: vertical position" + PIXELS)
        private int fromY;

        @Parameters(index = "2", paramLabel = "X2", description = "End: horizontal position" + PIXELS)
        private int toX;

        @Parameters(index = "3", paramLabel = "Y2", description = "End: vertical position" + PIXELS)
        private int toY;

        @Option(names = "--ms", paramLabel = "MS", description = "Duration in milliseconds (default: 300).")
        private int millis = 300;

        @Override
        void check() {
            requireAtLeast(1, "--ms", millis);
        }

        @Override
        void run(Device phone) throws DeviceException, InterruptedException {
            requireOnScreen(phone, fromX, fromY);
            requireOnScreen(phone, toX, toY);
            phone.swipe(fromX, fromY, toX, toY, Duration.ofMillis(millis));
        }
    }

    @Command(
            name = "type",
            description = {
                "Replace the text of the focused field of a phone.",
                "Text beyond ASCII requires ADB Keyboard on the phone."
            },
            footer = {"  steptrail type \"Buy milk\"", DeviceOptions.ENVIRONMENT})
    public static final class Type extends PhoneCommand {
        @Parameters(paramLabel = "TEXT", description = "The text.")
        private String text;

        @Override
        void run(Device phone) throws DeviceException, IOException, InterruptedException {
            if (!phone.hasTextFocus()) {
                throw new IOException(phone.serial() + ": no text field has the focus; tap one, then type");
            }
            phone.typeText(text);
        }
    }

    @Command(
            name = "press",
            description = "Press a key of a phone, such as home, or volume-up.",
            footer = {"  steptrail press home", "  steptrail press wake", DeviceOptions.ENVIRONMENT})
    public static final class Press extends PhoneCommand {
        /** The names of the keys, such as {@code volume-up}. */
        static final class KeyNames implements Iterable<String>, ITypeConverter<Key> {
            @Override
            public Iterator<String> iterator() {
                return Stream.of(Key.values()).map(KeyNames::of).iterator();
            }

            @Override
            public Key convert(String name) {
                return Stream.of(Key.values())
                        .filter(key -> of(key).equalsIgnoreCase(name))
                        .findFirst()
                        .orElseThrow(() -> new TypeConversionException(
                                "'" + name + "' is not a key (expected one of " + String.join(", ", this) + ")"));
            }

            private static String of(Key key) {
                return key.name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }

        @Parameters(
                paramLabel = "KEY",
                description = "One of ${COMPLETION-CANDIDATES}.",
                completionCandidates = KeyNames.class,
                converter = KeyNames.class)
        private Key key;

        @Override
        void run(Device phone) throws DeviceException, InterruptedException {
            phone.press(key);
        }
    }

    @Command(
            name = "launch",
            description = "Open an app of a phone.",
            footer = {
                "  steptrail launch com.android.settings",
                "  steptrail launch Settings",
                DeviceOptions.ENVIRONMENT
            })
    public static final class Launch extends PhoneCommand {
        private static final String INSTALLED = "; 'adb shell pm list packages' lists the installed packages";

        @Parameters(paramLabel = "APP", description = "The package of the app, or its name if it is a common one.")
        private String app;

        @Override
        void run(Device phone) throws DeviceException, IOException, InterruptedException {
            List<String> packages = AppTable.builtIn().packagesOf(app);
            if (packages.isEmpty()) {
                throw new IOException(
                        "unknown app '" + app + "': give its package, such as com.android.settings" + INSTALLED);
            }
            for (String packageName : packages) {
                if (phone.launch(packageName)) {
                    return;
                }
            }
            throw new IOException("'" + app + "' is not installed on " + phone.serial()
                    + (packages.contains(app) ? "" : " (" + String.join(", ", packages) + ")") + INSTALLED);
        }
    }
}
