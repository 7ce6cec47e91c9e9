package dev.steptrail.demophone;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.demophone.internal.screen.TextField;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.ProgramOutput;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs that start apps and send them messages: {@code am} and {@code monkey}. */
final class AppCommands {
    static final String LAUNCHER = "com.android.launcher3";
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
    }

    /** Delivers the messages of ADB Keyboard, which only the current input method receives. */
    private int am(List<String> arguments, ProgramOutput output) {
        if (arguments.isEmpty() || !arguments.get(0).equals("broadcast")) {
            output.error("Unknown command: " + String.join(" ", arguments) + "\n");
            return FAILED;
        }
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
