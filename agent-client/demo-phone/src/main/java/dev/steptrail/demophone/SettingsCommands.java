package dev.steptrail.demophone;

import dev.steptrail.demophone.internal.screen.Display;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.ProgramOutput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The programs that read and change settings: {@code getprop}, {@code settings}, {@code ime} and {@code wm}. */
final class SettingsCommands {
    private static final int FAILED = 255;
    private static final String INPUT_METHOD = "secure default_input_method";

    private final Display display;
    private final Keyboards keyboards;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    SettingsCommands(String serial, String model, Display display, Keyboards keyboards) {
        this.display = display;
        this.keyboards = keyboards;
        properties.put("ro.build.version.release", "14");
        properties.put("ro.build.version.sdk", "34");
        properties.put("ro.product.brand", "steptrail");
        properties.put("ro.product.device", "demo");
        properties.put("ro.product.locale", "zh-CN");
        properties.put("ro.product.manufacturer", "Steptrail");
        properties.put("ro.product.model", model);
        properties.put("ro.product.name", "demo");
        properties.put("ro.serialno", serial);
        properties.put("sys.boot_completed", "1");
        settings.put("system accelerometer_rotation", "0");
        settings.put("global device_name", model);
    }

    void addTo(Map<String, Program> programs) {
        programs.put("getprop", this::getprop);
        programs.put("settings", this::settings);
        programs.put("ime", this::ime);
        programs.put("wm", this::wm);
    }

    private int getprop(List<String> arguments, ProgramOutput output) {
        if (arguments.isEmpty()) {
            properties.forEach((name, value) -> output.print("[" + name + "]: [" + value + "]\n"));
        } else {
            String byDefault = arguments.size() > 1 ? arguments.get(1) : "";
            output.print(properties.getOrDefault(arguments.get(0), byDefault) + "\n");
        }
        return 0;
    }

    private int settings(List<String> arguments, ProgramOutput output) {
        if (arguments.size() == 3 && arguments.get(0).equals("get")) {
            String name = arguments.get(1) + " " + arguments.get(2);
            String value = name.equals(INPUT_METHOD) ? keyboards.current() : settings.getOrDefault(name, "null");
            output.print(value + "\n");
            return 0;
        } else if (arguments.size() == 4 && arguments.get(0).equals("put")) {
            String name = arguments.get(1) + " " + arguments.get(2);
            if (name.equals(INPUT_METHOD)) {
                keyboards.select(arguments.get(3));
            } else {
                settings.put(name, arguments.get(3));
            }
            return 0;
        }
        output.error("Invalid command: " + String.join(" ", arguments) + "\n");
        return FAILED;
    }

    private int ime(List<String> arguments, ProgramOutput output) {
        String command = arguments.isEmpty() ? "" : arguments.get(0);
        String id = arguments.isEmpty() ? "" : arguments.get(arguments.size() - 1);
        switch (command) {
            case "list" -> {
                List<String> ids = arguments.contains("-a") ? keyboards.installed() : keyboards.enabled();
                boolean brief = arguments.contains("-s");
                ids.forEach(
                        keyboard -> output.print(brief ? keyboard + "\n" : keyboard + ":\n  mId=" + keyboard + "\n"));
            }
            case "set" -> {
                if (!keyboards.select(id)) {
                    output.error("Unknown input method " + id + " cannot be selected for user #0\n");
                    return FAILED;
                }
                output.print("Input method " + id + " selected for user #0\n");
            }
            case "enable" -> {
                if (!keyboards.enable(id)) {
                    output.error("Unknown input method " + id + " cannot be enabled for user #0\n");
                    return FAILED;
                }
                output.print("Input method " + id + ": now enabled for user #0\n");
            }
            case "disable" -> {
                keyboards.disable(id);
                output.print("Input method " + id + ": now disabled for user #0\n");
            }
            default -> {
                output.error("Unknown command: " + command + "\n");
                return FAILED;
            }
        }
        return 0;
    }

    private int wm(List<String> arguments, ProgramOutput output) {
        switch (String.join(" ", arguments)) {
            case "size" ->
                output.print("Physical size: " + display.naturalWidth() + "x" + display.naturalHeight() + "\n");
            case "density" -> output.print("Physical density: " + display.density() + "\n");
            default -> {
                output.error("Unknown command: " + String.join(" ", arguments) + "\n");
                return FAILED;
            }
        }
        return 0;
    }
}
