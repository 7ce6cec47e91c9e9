package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.command.SteptrailCommand;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.ForegroundApp;
import dev.steptrail.phone.device.Screenshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that read the screen of a phone. */
public final class ScreenCommands {
    private ScreenCommands() {}

    @Command(
            name = "screenshot",
            description = "Save the screen of a phone as PNG.",
            exitCodeList = {
                SteptrailCommand.SUCCESS,
                PhoneCommand.FAILURE,
                SteptrailCommand.WRONG_USAGE,
                PhoneCommand.NO_PHONE
            },
            footer = {
                "  steptrail screenshot",
                "  steptrail screenshot home.png --demo-phone",
                DeviceOptions.ENVIRONMENT
            })
    public static final class Capture extends PhoneCommand {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file (default: screenshot.png).")
        private Path file = Path.of("screenshot.png");

        @Override
        void run(Device phone) throws DeviceException, IOException, InterruptedException {
            AtomicFileWriter writer = new AtomicFileWriter(file);
            Screenshot screenshot = phone.screenshot();
            writer.write(new ByteArrayInputStream(screenshot.png()), null);
            println("saved " + file + " (" + screenshot.width() + " x " + screenshot.height() + " pixels"
                    + (screenshot.sensitive() ? "; black, because the phone protects this screen)" : ")"));
        }
    }

    @Command(
            name = "tree",
            description = "Print the UI tree of a phone's screen as XML, as uiautomator dumps it.",
            exitCodeList = {
                SteptrailCommand.SUCCESS,
                PhoneCommand.FAILURE,
                SteptrailCommand.WRONG_USAGE,
                PhoneCommand.NO_PHONE
            },
            footer = {"  steptrail tree", DeviceOptions.ENVIRONMENT})
    public static final class Tree extends PhoneCommand {
        @Override
        void run(Device phone) throws DeviceException, InterruptedException {
            phone.uiTree().lines().forEach(this::println);
        }
    }

    @Command(
            name = "app",
            description = "Print the app in the foreground of a phone: its package and activity.",
            exitCodeList = {
                SteptrailCommand.SUCCESS,
                PhoneCommand.FAILURE,
                SteptrailCommand.WRONG_USAGE,
                PhoneCommand.NO_PHONE
            },
            footer = {"  steptrail app", DeviceOptions.ENVIRONMENT})
    public static final class App extends PhoneCommand {
        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(Device phone) throws DeviceException, IOException, InterruptedException {
            ForegroundApp app = phone.foregroundApp();
            if (json) {
                ObjectNode object = JsonNodeFactory.instance
                        .objectNode()
                        .put("package", app.packageName())
                        .put("activity", app.activity());
                out().println(Terminal.printableJson(object.toString()));
            } else if (app.packageName() == null) {
                throw new IOException(phone.serial() + " reports no app, for example because it is locked");
            } else {
                println(app.packageName() + (app.activity() == null ? "" : "/" + app.activity()));
            }
        }
    }
}
