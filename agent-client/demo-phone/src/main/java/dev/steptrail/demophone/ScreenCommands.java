package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.adb.PhoneFiles;
import dev.steptrail.demophone.internal.screen.Display;
import dev.steptrail.demophone.internal.screen.Painter;
import dev.steptrail.demophone.internal.screen.UiTree;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.ProgramOutput;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs that describe the screen: {@code screencap}, {@code uiautomator} and {@code dumpsys}. */
final class ScreenCommands {
    private static final String DEFAULT_DUMP = "/sdcard/window_dump.xml";
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
    private final PhoneFiles files;
    private DemoPhone.SecureScreen secure = DemoPhone.SecureScreen.OFF;
    private boolean black;
    private int[] lastPixels = {};
    private int lastWidth;
    private byte[] lastPng = {};

    ScreenCommands(SimulatedPhone phone, Display display, PhoneFiles files) {
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
        if (!id.equals(Display.ID) && !(display.foldable() && id.equals(Display.OTHER_ID))) {
            output.error("Failed to take screenshot. Status: -22\n");
            return 1;
        }
        if (display.foldable() && idOption < 0) {
            output.error(SEVERAL_DISPLAYS);
        }
        byte[] png = encode(
                id.equals(Display.ID)
                        ? capture()
                        : new BufferedImage(Display.OTHER_WIDTH, Display.OTHER_HEIGHT, BufferedImage.TYPE_INT_RGB));
        if (file.isPresent()) {
            files.write(file.get(), png);
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
            files.write(file, xml);
        }
        // Android writes "hierchary".
        output.print("UI hierchary dumped to: " + file + "\n");
        return 0;
    }

    private int dumpsys(List<String> arguments, ProgramOutput output) {
        switch (arguments.isEmpty() ? "" : arguments.get(0)) {
            case "window" -> output.print(arguments.contains("policy") ? policy() : window() + policy());
            case "input_method" -> output.print(inputMethod());
            case "input" -> output.print(input());
            case "display" -> output.print(display());
            case "SurfaceFlinger" -> output.print(surfaceFlinger());
            case "power" ->
                output.print(
                        "POWER MANAGER (dumpsys power)\n  mWakefulness=" + (phone.awake() ? "Awake" : "Asleep") + "\n");
            case "battery" -> output.print("""
                        Current Battery Service state:
                          AC powered: false
                          USB powered: true
                          level: 76
                          scale: 100
                        """);
            case "activity" -> output.print("  ResumedActivity: ActivityRecord{4b1f0c7 u0 " + activity() + " t12}\n");
            default -> {
                output.error("Can't find service: " + String.join(" ", arguments) + "\n");
                return FAILED;
            }
        }
        return 0;
    }

    private String window() {
        String flags = secure == DemoPhone.SecureScreen.OFF ? "" : "SECURE ";
        return """
                WINDOW MANAGER DISPLAY CONTENTS (dumpsys window displays)
                  Display: mDisplayId=0
                    init=%dx%d %ddpi cur=%dx%d app=%dx%d rng=%dx%d-%dx%d
                    mCurrentRotation=ROTATION_%d
                  Window #0 Window{2d6c1f8 u0 %s}:
                    mDisplayId=0 rootTaskId=1 mSession=Session{a0b1c2 1000:u0a10001}
                    mAttrs={(0,0)(fillxfill) sim={adjust=pan} ty=BASE_APPLICATION fmt=TRANSLUCENT
                      fl=LAYOUT_IN_SCREEN %sLAYOUT_INSET_DECOR HARDWARE_ACCELERATED}
                  mCurrentFocus=Window{2d6c1f8 u0 %s}
                  mFocusedApp=ActivityRecord{4b1f0c7 u0 %s t12}
                """.formatted(
                        display.naturalWidth(),
                        display.naturalHeight(),
                        display.density(),
                        display.width(),
                        display.height(),
                        display.width(),
                        display.height(),
                        display.width(),
                        display.width(),
                        display.height(),
                        display.height(),
                        display.rotation() * 90,
                        window(activity()),
                        flags,
                        window(activity()),
                        activity());
    }

    /** Returns a window's name, which contains the whole class. */
    private static String window(String activity) {
        int slash = activity.indexOf('/');
        return activity.substring(0, slash) + "/" + activity.substring(0, slash) + activity.substring(slash + 1);
    }

    private String input() {
        return """
                INPUT MANAGER (dumpsys input)
                  Viewport INTERNAL: displayId=0, uniqueId=local:0, port=0, orientation=%d, logicalFrame=[0, 0, %d, %d], \
                physicalFrame=[0, 0, %d, %d], deviceSize=[%d, %d], isActive=1
                    SurfaceWidth: %dpx
                    SurfaceHeight: %dpx
                    SurfaceOrientation: %d
                """.formatted(
                        display.rotation(),
                        display.width(),
                        display.height(),
                        display.width(),
                        display.height(),
                        display.width(),
                        display.height(),
                        display.naturalWidth(),
                        display.naturalHeight(),
                        display.rotation());
    }

    private String display() {
        String other = display.foldable()
                ? ", DisplayViewport{type=INTERNAL, valid=true, isActive=false, displayId=3, uniqueId='local:%s', "
                                .formatted(Display.OTHER_ID)
                        + "physicalPort=1, orientation=0, logicalFrame=Rect(0, 0 - %1$d, %2$d), "
                                .formatted(Display.OTHER_WIDTH, Display.OTHER_HEIGHT)
                        + "physicalFrame=Rect(0, 0 - %1$d, %2$d), deviceWidth=%1$d, deviceHeight=%2$d}"
                                .formatted(Display.OTHER_WIDTH, Display.OTHER_HEIGHT)
                : "";
        return """
                DISPLAY MANAGER (dumpsys display)
                  mViewports=[DisplayViewport{type=INTERNAL, valid=true, isActive=true, displayId=0, \
                uniqueId='local:%1$s', physicalPort=0, orientation=%2$d, logicalFrame=Rect(0, 0 - %3$d, %4$d), \
                physicalFrame=Rect(0, 0 - %3$d, %4$d), deviceWidth=%3$d, deviceHeight=%4$d}%5$s]
                    mCurrentOrientation=%2$d
                    mOverrideDisplayInfo=DisplayInfo{"Built-in Screen", displayId 0, real %3$d x %4$d, rotation %2$d, \
                density %6$d, state %7$s}
                """.formatted(
                        Display.ID,
                        display.rotation(),
                        display.width(),
                        display.height(),
                        other,
                        display.density(),
                        phone.awake() ? "ON" : "OFF");
    }

    /** Returns the part of {@code dumpsys window policy} that shows whether the phone is locked. */
    private String policy() {
        return """
                WINDOW MANAGER POLICY STATE (dumpsys window policy)
                    mAwake=%b mScreenOnEarly=%b mScreenOnFully=%b
                    KeyguardServiceDelegate
                      showing=%b
                      inputRestricted=%b
                      occluded=false
                      secure=%b
                """.formatted(
                        phone.awake(), phone.awake(), phone.awake(), phone.locked(), phone.locked(), phone.locked());
    }

    /** Returns the parts of {@code dumpsys input_method} that show whether a text field has the focus. */
    private String inputMethod() {
        boolean focus = phone.hasTextFocus();
        return """
                Current Input Method Manager state:
                  mCurClient=ClientState{5d1c2a7 uid=10001 pid=2001 displayId=0}
                  mShowRequested=%1$b mShowExplicitlyRequested=%1$b mShowForced=false mInputShown=%1$b
                Input method client state for InputMethodManager{3a0f5c1}:
                  mServedInputConnection=%2$s
                """.formatted(
                        focus,
                        focus
                                ? "RemoteInputConnectionImpl{connection=android.view.inputmethod.BaseInputConnection@1c7f2a1"
                                        + " finished=false mParentInputMethodManager.mActive=true}"
                                : "null");
    }

    private String surfaceFlinger() {
        String displays = "Display " + Display.ID + " (HWC display 0): port=0 pnpId=QCM displayName=\"\"\n";
        return display.foldable()
                ? displays + "Display " + Display.OTHER_ID + " (HWC display 2): port=1 pnpId=QCM displayName=\"\"\n"
                : displays;
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
