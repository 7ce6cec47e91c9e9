package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.screen.TextField;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.ProgramOutput;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs that start and list apps: {@code am}, {@code monkey} and {@code pm}. */
final class AppCommands {
    static final String LAUNCHER = "com.android.launcher3";
    private static final String ADB_KEYBOARD = "com.android.adbkeyboard";
    private static final int FAILED = 255;
    private static final int MONKEY_ABORTED = 252;

    private final SimulatedPhone phone;
    private final Keyboards keyboards;

    AppCommands(SimulatedPhone phone, Keyboards keyboards) {
        this.phone = phone;
        this.keyboards = keyboards;
    }

    void addTo(Map<String, Program> programs) {
        programs.put("am", this::am);
        programs.put("monkey", this::monkey);
        programs.put("pm", this::pm);
    }

    private int am(List<String> arguments, ProgramOutput output) {
        return switch (arguments.isEmpty() ? "" : arguments.get(0)) {
            case "start", "start-activity" -> start(arguments, output);
            case "broadcast" -> broadcast(arguments, output);
            case "force-stop" -> {
                String stopped = arguments.get(arguments.size() - 1);
                if (phone.foregroundPackage().equals(Optional.of(stopped))) {
                    phone.home();
                }
                yield 0;
            }
            default -> {
                output.error("Unknown command: " + String.join(" ", arguments) + "\n");
                yield FAILED;
            }
        };
    }

    private int start(List<String> arguments, ProgramOutput output) {
        String component = option(arguments, "-n").orElse("");
        String category = option(arguments, "-c").orElse("");
        String packageName = component.isEmpty()
                ? option(arguments, "-p").orElse("")
                : component.split("/", 2)[0];
        if (packageName.isEmpty() && category.equals("android.intent.category.HOME")) {
            output.print("Starting: Intent { act=android.intent.action.MAIN cat=[" + category + "] }\n");
            phone.home();
            return 0;
        }
        output.print("Starting: Intent { cmp=" + component + " }\n");
        if (!phone.launchPackage(packageName)) {
            output.error("Error type 3\nError: Activity class {" + component + "} does not exist.\n");
            return 1;
        }
        return 0;
    }

    /** Delivers the messages of ADB Keyboard, which only the current input method receives. */
    private int broadcast(List<String> arguments, ProgramOutput output) {
        String action = option(arguments, "-a").orElse("");
        Optional<String> name = option(arguments, "--es");
        Optional<String> message = name.flatMap(extra -> after(arguments, "--es", 2));
        if (name.isPresent() && message.isEmpty()) {
            output.error("Exception occurred while executing 'broadcast':\njava.lang.IllegalArgumentException: "
                    + "Argument expected after \"" + name.get() + "\"\n");
            return FAILED;
        }
        output.print("Broadcasting: Intent { act=" + action + " flg=0x400000"
                + (message.isPresent() ? " (has extras)" : "") + " }\nBroadcast completed: result=0\n");
        if (keyboards.current().equals(Keyboards.ADB)) {
            switch (action) {
                case "ADB_INPUT_B64" -> message.ifPresent(this::typeBase64);
                case "ADB_INPUT_TEXT" -> message.ifPresent(phone::type);
                case "ADB_CLEAR_TEXT" -> phone.edit(TextField::clear);
                default -> {
                    // Another receiver's message.
                }
            }
        }
        return 0;
    }

    /** ADB Keyboard ignores text that is not Base64. */
    private void typeBase64(String message) {
        try {
            phone.type(new String(Base64.getDecoder().decode(message), UTF_8));
        } catch (IllegalArgumentException e) {
            return;
        }
    }

    private int monkey(List<String> arguments, ProgramOutput output) {
        for (String argument : arguments) {
            output.print("  bash arg: " + argument + "\n");
        }
        String packageName = option(arguments, "-p").orElse("");
        if (!phone.launchPackage(packageName)) {
            output.error("** No activities found to run, monkey aborted.\n");
            return MONKEY_ABORTED;
        }
        output.print("""
                Events injected: 1
                ## Network stats: elapsed time=14ms (0ms mobile, 0ms wifi, 14ms not connected)
                """);
        return 0;
    }

    private int pm(List<String> arguments, ProgramOutput output) {
        List<String> packages = packages();
        if (arguments.size() >= 2 && arguments.subList(0, 2).equals(List.of("list", "packages"))) {
            String filter = arguments.stream()
                    .skip(2)
                    .filter(argument -> !argument.startsWith("-"))
                    .findFirst()
                    .orElse("");
            boolean thirdParty = arguments.contains("-3");
            for (String name : packages) {
                if (name.contains(filter) && (!thirdParty || name.equals(ADB_KEYBOARD))) {
                    output.print("package:" + name + "\n");
                }
            }
            return 0;
        } else if (arguments.size() == 2 && arguments.get(0).equals("path")) {
            if (!packages.contains(arguments.get(1))) {
                return 1;
            }
            output.print("package:/data/app/" + arguments.get(1) + "/base.apk\n");
            return 0;
        }
        output.error("Unknown command: " + String.join(" ", arguments) + "\n");
        return FAILED;
    }

    private List<String> packages() {
        List<String> packages = new ArrayList<>(phone.packages());
        packages.add(LAUNCHER);
        keyboards.installed().forEach(id -> packages.add(id.substring(0, id.indexOf('/'))));
        return packages;
    }

    private static Optional<String> option(List<String> arguments, String name) {
        return after(arguments, name, 1);
    }

    private static Optional<String> after(List<String> arguments, String name, int distance) {
        int index = arguments.indexOf(name);
        return index >= 0 && index + distance < arguments.size()
                ? Optional.of(arguments.get(index + distance))
                : Optional.empty();
    }
}
