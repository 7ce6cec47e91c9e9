package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.screen.Display;
import dev.steptrail.demophone.internal.screen.Painter;
import dev.steptrail.demophone.internal.screen.UiTree;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.ProgramOutput;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The programs that describe the screen: {@code screencap}, {@code uiautomator} and {@code dumpsys}. */
final class ScreenCommands {
    private static final String DEFAULT_DUMP = "/sdcard/window_dump.xml";
    private static final String OTHER_VIEWPORT = "{otherViewport}";
    private static final String INPUT_CONNECTION = "RemoteInputConnectionImpl{connection="
            + "android.view.inputmethod.BaseInputConnection@1c7f2a1 finished=false"
            + " mParentInputMethodManager.mActive=true}";
    private static final int FAILED = 255;

    private static final String SEVERAL_DISPLAYS = """
            [Warning] Multiple displays were found, but no display id was specified! Defaulting to the first display \
            found, however this default is not guaranteed to be consistent across captures. A display id should be \
            specified.
            A display ID can be specified with the [-d display-id] option.
            See "dumpsys SurfaceFlinger --display-id" for valid display IDs.
            """;

    private final SimulatedPhone phone;
    private final Display display;
    private final Map<String, byte[]> files;
    private DemoPhone.SecureScreen secure = DemoPhone.SecureScreen.OFF;
    private boolean black;
    private int[] lastPixels = {};
    private int lastWidth;
    private byte[] lastPng = {};

    ScreenCommands(SimulatedPhone phone, Display display, Map<String, byte[]> files) {
        this.phone = phone;
        this.display = display;
        this.files = files;
    }

    void setSecure(DemoPhone.SecureScreen secure) {
        this.secure = secure;
    }

    void setBlack(boolean black) {
        this.black = black;
    }

    void addTo(Map<String, Program> programs) {
        programs.put("screencap", this::screencap);
        programs.put("uiautomator", this::uiautomator);
        programs.put("dumpsys", this::dumpsys);
    }

    private int screencap(List<String> arguments, ProgramOutput output) {
        Optional<String> file =
                arguments.stream().filter(argument -> argument.startsWith("/")).findFirst();
        if (!arguments.contains("-p")
                && !file.map(name -> name.endsWith(".png")).orElse(false)) {
            output.error("the simulated phone captures PNG only: use screencap -p\n");
            return 1;
        }
        if (secure == DemoPhone.SecureScreen.REFUSED) {
            output.error("Failed to take screenshot. Status: -1\n");
            return 1;
        }
        int idOption = arguments.indexOf("-d");
        String id = idOption >= 0 && idOption + 1 < arguments.size() ? arguments.get(idOption + 1) : Display.ID;
        if (!id.equals(Display.ID)) {
            output.error("Failed to take screenshot. Status: -22\n");
            return 1;
        }
        if (display.foldable() && idOption < 0) {
            output.error(SEVERAL_DISPLAYS);
        }
        byte[] png = encode(capture());
        if (file.isPresent()) {
            files.put(file.get(), png);
        } else {
            output.write(png);
        }
        return 0;
    }

    /** Encodes an image, or returns the last PNG if the image has not changed, which takes a tenth of the time. */
    private byte[] encode(BufferedImage image) {
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        if (image.getWidth() != lastWidth || !Arrays.equals(pixels, lastPixels)) {
            lastPng = Painter.png(image);
            lastPixels = pixels;
            lastWidth = image.getWidth();
        }
        return lastPng;
    }

    private BufferedImage capture() {
        BufferedImage image = display.image();
        if (black) {
            return image;
        } else if (secure == DemoPhone.SecureScreen.BLACK) {
            Painter.paint(phone.systemBars(), image);
        } else {
            Painter.paint(phone.elements(), image);
        }
        return image;
    }

    private int uiautomator(List<String> arguments, ProgramOutput output) {
        if (arguments.isEmpty() || !arguments.get(0).equals("dump")) {
            output.error("Usage: uiautomator <subcommand> [options]\n");
            return 1;
        }
        String file = arguments.stream()
                .skip(1)
                .filter(argument -> !argument.startsWith("-"))
                .findFirst()
                .orElse(DEFAULT_DUMP);
        if (!phone.awake()) {
            output.error("ERROR: null root node returned by UiTestAutomationBridge.\n");
            return 0;
        }
        byte[] xml =
                UiTree.write(phone.elements(), foregroundPackage(), display).getBytes(UTF_8);
        if (file.equals("/dev/tty") || file.equals("/proc/self/fd/1") || file.equals("/dev/stdout")) {
            output.write(xml);
        } else {
            files.put(file, xml);
        }
        // Android writes "hierchary".
        output.print("UI hierchary dumped to: " + file + "\n");
        return 0;
    }

    private int dumpsys(List<String> arguments, ProgramOutput output) {
        String service = arguments.isEmpty() ? "" : arguments.get(0);
        switch (service) {
            case "window" -> {
                if (!arguments.contains("policy")) {
                    output.print(fill("window"));
                }
                output.print(fill("policy"));
            }
            case "input_method", "display", "power" -> output.print(fill(service));
            default -> {
                output.error("Can't find service: " + String.join(" ", arguments) + "\n");
                return FAILED;
            }
        }
        return 0;
    }

    /** Fills in the placeholders of a template in the folder {@code dumpsys}, such as <code>{width}</code>. */
    private String fill(String template) {
        String resource = "dumpsys/" + template + ".txt";
        try (InputStream file = ScreenCommands.class.getResourceAsStream(resource)) {
            String text = new String(Objects.requireNonNull(file, resource).readAllBytes(), UTF_8);
            if (text.contains(OTHER_VIEWPORT)) {
                text = text.replace(OTHER_VIEWPORT, display.foldable() ? fill("other-viewport") : "");
            }
            for (Map.Entry<String, Object> value : values().entrySet()) {
                text = text.replace("{" + value.getKey() + "}", value.getValue().toString());
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    /** Returns the values of the placeholders. */
    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("width", display.width());
        values.put("height", display.height());
        values.put("naturalWidth", display.naturalWidth());
        values.put("naturalHeight", display.naturalHeight());
        values.put("density", display.density());
        values.put("rotation", display.rotation());
        values.put("degrees", display.rotation() * 90);
        values.put("id", Display.ID);
        values.put("activity", activity());
        values.put("window", activity().replace("/", "/" + foregroundPackage()));
        values.put("flags", secure == DemoPhone.SecureScreen.OFF ? "" : "SECURE ");
        values.put("awake", phone.awake());
        values.put("wakefulness", phone.awake() ? "Awake" : "Asleep");
        values.put("state", phone.awake() ? "ON" : "OFF");
        values.put("locked", phone.locked());
        values.put("focus", phone.hasTextFocus());
        values.put("connection", phone.hasTextFocus() ? INPUT_CONNECTION : "null");
        return values;
    }

    private String activity() {
        return phone.foregroundPackage().isPresent()
                ? foregroundPackage() + "/.MainActivity"
                : AppCommands.LAUNCHER + "/.Launcher";
    }

    private String foregroundPackage() {
        return phone.foregroundPackage().orElse(AppCommands.LAUNCHER);
    }
}
