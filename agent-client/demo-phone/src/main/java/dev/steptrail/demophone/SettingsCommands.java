package dev.steptrail.demophone;

import dev.steptrail.demophone.internal.screen.Display;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.ProgramOutput;
import java.util.List;
import java.util.Map;

/** The programs that read and change settings: {@code getprop}, {@code settings}, {@code ime} and {@code wm}. */
final class SettingsCommands {
    private static final int FAILED = 255;

    private final String serial;
    private final Display display;
    private final Keyboards keyboards;

    SettingsCommands(String serial, Display display, Keyboards keyboards) {
        this.serial = serial;
        this.display = display;
        this.keyboards = keyboards;
    }

    void addTo(Map<String, Program> programs) {
        programs.put("getprop", this::getprop);
        programs.put("settings", this::settings);
        programs.put("ime", this::ime);
        programs.put("wm", this::wm);
    }

    private int getprop(List<String> arguments, ProgramOutput output) {
        if (!arguments.isEmpty()) {
            return unknown(arguments, output);
        }
        output.print("""
                [ro.build.version.release]: [14]
                [ro.build.version.sdk]: [34]
                [ro.product.brand]: [steptrail]
                [ro.product.device]: [demo]
                [ro.product.locale]: [zh-CN]
                [ro.product.manufacturer]: [Steptrail]
                [ro.product.model]: [Demo Phone]
                [ro.product.name]: [demo]
                [ro.serialno]: [%s]
                [sys.boot_completed]: [1]
                """.formatted(serial));
        return 0;
    }

    private int settings(List<String> arguments, ProgramOutput output) {
        if (arguments.size() != 3 || !arguments.get(0).equals("get")) {
            return unknown(arguments, output);
        }
        boolean inputMethod = arguments.subList(1, 3).equals(List.of("secure", "default_input_method"));
        output.print((inputMethod ? keyboards.current() : "null") + "\n");
        return 0;
    }

    private int ime(List<String> arguments, ProgramOutput output) {
        switch (arguments.isEmpty() ? "" : arguments.get(0)) {
            case "list" -> {
                List<String> ids = arguments.contains("-a") ? keyboards.installed() : keyboards.enabled();
                String format = arguments.contains("-s") ? "%s\n" : "%1$s:\n  mId=%1$s\n";
                ids.forEach(id -> output.print(format.formatted(id)));
                return 0;
            }
            case "set" -> {
                String id = arguments.get(arguments.size() - 1);
                if (!keyboards.select(id)) {
                    output.error("Unknown input method " + id + " cannot be selected for user #0\n");
                    return FAILED;
                }
                output.print("Input method " + id + " selected for user #0\n");
                return 0;
            }
            default -> {
                return unknown(arguments, output);
            }
        }
    }

    private int wm(List<String> arguments, ProgramOutput output) {
        if (!arguments.equals(List.of("size"))) {
            return unknown(arguments, output);
        }
        output.print("Physical size: " + display.naturalWidth() + "x" + display.naturalHeight() + "\n");
        return 0;
    }

    private static int unknown(List<String> arguments, ProgramOutput output) {
        output.error("Unknown command: " + String.join(" ", arguments) + "\n");
        return FAILED;
    }
}
