package dev.steptrail.demophone.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.DemoPhone.SecureScreen;
import dev.steptrail.demophone.SimulatedPhone;
import dev.steptrail.demophone.adb.PhoneFiles;
import dev.steptrail.demophone.draw.Png;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs that describe the screen: {@code screencap}, {@code uiautomator} and {@code dumpsys}. */
final class ScreenCommands {
    private static final String DEFAULT_DUMP = "/sdcard/window_dump.xml";
    private static final int FAILED = 255;

    private final SimulatedPhone phone;
    private final Display display;
    private final PhoneFiles files;
    private SecureScreen secure = SecureScreen.OFF;
    private boolean black;

    ScreenCommands(SimulatedPhone phone, Display display, PhoneFiles files) {
        this.phone = phone;
        this.display = display;
        this.files = files;
    }

    void setSecure(SecureScreen secure) {
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
        if (secure == SecureScreen.REFUSED) {
            output.error("Failed to take screenshot. Status: -1\n");
            return 1;
        }
        byte[] png = Png.encode(capture());
        if (file.isPresent()) {
            files.write(file.get(), png);
        } else {
            output.write(png);
        }
        return 0;
    }

    private BufferedImage capture() {
        BufferedImage image = display.image();
        if (black) {
            return image;
        } else if (secure == SecureScreen.BLACK) {
            phone.drawSystemBarsOn(image);
        } else {
            phone.drawOn(image);
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
        byte[] xml = UiTree.write(phone.content(), foregroundPackage(), display).getBytes(UTF_8);
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
            case "window" -> output.print(window());
            case "input" -> output.print(input());
            case "display" -> output.print(display());
            case "power" -> output.print("POWER MANAGER (dumpsys power)\n  mWakefulness=Awake\n");
            case "battery" ->
                output.print("Current Battery Service state:\n  AC powered: false\n"
                        + "  USB powered: true\n  level: 76\n  scale: 100\n");
            case "activity" -> output.print("  ResumedActivity: ActivityRecord{4b1f0c7 u0 " + activity() + " t12}\n");
            default -> {
                output.error("Can't find service: " + String.join(" ", arguments) + "\n");
                return FAILED;
            }
        }
        return 0;
    }

    private String window() {
        String flags = secure == SecureScreen.OFF ? "" : "SECURE ";
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
        return """
                DISPLAY MANAGER (dumpsys display)
                  mDefaultViewport=DisplayViewport{type=INTERNAL, valid=true, isActive=true, displayId=0, \
                uniqueId='local:0', physicalPort=0, orientation=%d, logicalFrame=Rect(0, 0 - %d, %d), \
                deviceWidth=%d, deviceHeight=%d}
                    mCurrentOrientation=%d
                    mOverrideDisplayInfo=DisplayInfo{"Built-in Screen", displayId 0, real %d x %d, rotation %d, \
                density %d, state ON}
                """.formatted(
                        display.rotation(),
                        display.width(),
                        display.height(),
                        display.width(),
                        display.height(),
                        display.rotation(),
                        display.width(),
                        display.height(),
                        display.rotation(),
                        display.density());
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
