package dev.steptrail.cli.phone;

import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.phone.autoglm.AppTable;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that send an input to a phone. Each input is sent once. */
public final class InputCommands {
    private static final String PIXELS = " in pixels from the upper left corner.";

    private InputCommands() {}

    @Command(
            name = "tap",
            description = "Tap the screen of a phone.",
            exitCodeList = {
                SteptrailCommand.SUCCESS,
                PhoneCommand.FAILURE,
                SteptrailCommand.WRONG_USAGE,
                PhoneCommand.NO_PHONE
            },
            footer = {
                "  steptrail tap 540 1200",
                "  steptrail tap 540 1200 --hold 3000 --device emulator-5554",
                DeviceOptions.ENVIRONMENT
            })
    public static final class Tap extends PhoneCommand {
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
            requireCoordinate("X", x);
            requireCoordinate("Y", y);
            if (holdMillis < 0 || (twice && holdMillis > 0)) {
                throw usageError(
                        holdMillis < 0
                                ? "--hold must be at least 0, but is " + holdMillis
                                : "--double and --hold exclude each other");
            }
        }

        @Override
        void run(Device phone) throws DeviceException, InterruptedException {
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
            exitCodeList = {
                SteptrailCommand.SUCCESS,
                PhoneCommand.FAILURE,
                SteptrailCommand.WRONG_USAGE,
                PhoneCommand.NO_PHONE
            },
            footer = {"  steptrail swipe 540 1800 540 600 --ms 500", DeviceOptions.ENVIRONMENT})
    public static final class Swipe extends PhoneCommand {
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
            requireCoordinate("X1", fromX);
            requireCoordinate("Y1", fromY);
            requireCoordinate("X2", toX);
            requireCoordinate("Y2", toY);
            if (millis < 1) {
                throw usageError("--ms must be at least 1, but is " + millis);
            }
        }

        @Override
        void run(Device phone) throws DeviceException, InterruptedException {
            phone.swipe(fromX, fromY, toX, toY, Duration.ofMillis(millis));
        }
    }

    @Command(
            name = "type",
            description = {
                "Replace the text of the focused field of a phone.",
                "Text beyond ASCII requires ADB Keyboard on the phone."
            },
            exitCodeList = {
                SteptrailCommand.SUCCESS,
                PhoneCommand.FAILURE,
                SteptrailCommand.WRONG_USAGE,
                PhoneCommand.NO_PHONE
            },
            footer = {"  steptrail type \"Buy milk\"", DeviceOptions.ENVIRONMENT})
    public static final class Type extends PhoneCommand {
        @Parameters(paramLabel = "TEXT", description = "The text.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String text;

        @Override
        void run(Device phone) throws DeviceException, InterruptedException {
            phone.typeText(text);
        }
    }

    @Command(
            name = "press",
            description = "Press a button of a phone.",
            exitCodeList = {
                SteptrailCommand.SUCCESS,
                PhoneCommand.FAILURE,
                SteptrailCommand.WRONG_USAGE,
                PhoneCommand.NO_PHONE
            },
            footer = {"  steptrail press home", DeviceOptions.ENVIRONMENT})
    public static final class Press extends PhoneCommand {
        private enum Button {
            back,
            home
        }

        @Parameters(paramLabel = "BUTTON", description = "back or home.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Button button;

        @Override
        void run(Device phone) throws DeviceException, InterruptedException {
            switch (button) {
                case back -> phone.back();
                case home -> phone.home();
            }
        }
    }

    @Command(
            name = "launch",
            description = "Open an app of a phone.",
            exitCodeList = {
                SteptrailCommand.SUCCESS,
                PhoneCommand.FAILURE,
                SteptrailCommand.WRONG_USAGE,
                PhoneCommand.NO_PHONE
            },
            footer = {
                "  steptrail launch com.android.settings",
                "  steptrail launch Settings",
                DeviceOptions.ENVIRONMENT
            })
    public static final class Launch extends PhoneCommand {
        @Parameters(paramLabel = "APP", description = "The package of the app, or its name if it is a common one.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String app;

        @Override
        void run(Device phone) throws DeviceException, IOException, InterruptedException {
            List<String> packages = AppTable.builtIn().packagesOf(app);
            if (packages.isEmpty()) {
                throw new IOException("unknown app '" + app + "': give its package, such as com.android.settings");
            }
            for (String packageName : packages) {
                if (phone.launch(packageName)) {
                    return;
                }
            }
            throw new IOException("not installed on " + phone.serial() + ": " + String.join(", ", packages));
        }
    }
}
