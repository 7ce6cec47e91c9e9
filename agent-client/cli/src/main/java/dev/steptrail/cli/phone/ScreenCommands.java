package dev.steptrail.cli.phone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.api.AtomicFileWriter;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.ForegroundApp;
import dev.steptrail.phone.device.Screenshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that read the screen of a phone. */
public final class ScreenCommands {
    private ScreenCommands() {}

    /** A command whose result is a file or standard output. */
    private abstract static class OutputCommand extends PhoneCommand {
        private static final Path STANDARD_OUTPUT = Path.of("-");

        private @Nullable AtomicFileWriter writer;

        /** Opens the file before the phone, so that a wrong name is reported at once. */
        @Override
        void check() throws IOException {
            if (!file().equals(STANDARD_OUTPUT)) {
                writer = new AtomicFileWriter(file());
            }
        }

        abstract Path file();

        final boolean isStandardOutput() {
            return file().equals(STANDARD_OUTPUT);
        }

        /**
         * Writes the content to the file or, as it is, to standard output.
         *
         * @param description of what was saved in a file
         */
        final void save(byte[] content, String description) throws IOException {
            if (writer == null) {
                out().flush();
                System.out.write(content);
                if (System.out.checkError()) { // which flushes
                    throw new IOException("cannot write to standard output");
                }
            } else {
                writer.write(content);
                println("saved " + file() + " (" + description + ")");
            }
        }
    }

    @Command(
            name = "screenshot",
            description = "Save the screen of a phone as PNG.",
            footer = {
                "  steptrail screenshot",
                "  steptrail screenshot home.png --demo-phone",
                DeviceOptions.ENVIRONMENT
            })
    public static final class Capture extends OutputCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "The PNG file, or - for standard output (default: screenshot.png).")
        private Path file = Path.of("screenshot.png");

        @Override
        Path file() {
            return file;
        }

        @Override
        void check() throws IOException {
            String name = file.toString();
            if (isStandardOutput()) {
                if (Terminal.columns() != Integer.MAX_VALUE) {
                    throw usageError("a PNG file cannot be shown in a terminal: give a file, or redirect the output");
                }
            } else if (!name.toLowerCase(Locale.ROOT).endsWith(".png")) {
                throw usageError("a screenshot is a PNG file, but FILE is '" + name + "': use a name such as '"
                        + name.replaceFirst("\\.[^./\\\\]*$", "") + ".png'");
            }
            super.check();
        }

        @Override
        void run(Device phone) throws DeviceException, IOException, InterruptedException {
            Screenshot screenshot = phone.screenshot();
            String black =
                    screenshot.sensitive() ? "; black, because the app protects its screen, or the screen is off" : "";
            save(screenshot.png(), screenshot.width() + " x " + screenshot.height() + " pixels" + black);
        }
    }

    @Command(
            name = "tree",
            description = "Print or save the UI tree of a phone's screen as XML, as uiautomator dumps it.",
            footer = {"  steptrail tree", "  steptrail tree screen.xml", DeviceOptions.ENVIRONMENT})
    public static final class Tree extends OutputCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "The XML file, or - for standard output (default: -).")
        private Path file = Path.of("-");

        @Override
        Path file() {
            return file;
        }

        @Override
        void run(Device phone) throws DeviceException, IOException, InterruptedException {
            String tree = phone.uiTree();
            if (isStandardOutput()) {
                tree.lines().forEach(this::println);
            } else {
                byte[] content = tree.getBytes(StandardCharsets.UTF_8);
                save(content, content.length + " bytes");
            }
        }
    }

    @Command(
            name = "app",
            description = "Print the app in the foreground of a phone: its package and activity.",
            footer = {"  steptrail app", DeviceOptions.ENVIRONMENT})
    public static final class App extends PhoneCommand {
        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(Device phone) throws DeviceException, IOException, InterruptedException {
            ForegroundApp app = phone.foregroundApp();
            if (json) {
                ObjectNode object = object().put("package", app.packageName()).put("activity", app.activity());
                print(object.toPrettyString());
            } else if (app.packageName() == null) {
                throw new IOException(phone.serial() + " reports no app, for example because it is locked");
            } else {
                println(app.packageName() + (app.activity() == null ? "" : "/" + app.activity()));
            }
        }
    }
}
