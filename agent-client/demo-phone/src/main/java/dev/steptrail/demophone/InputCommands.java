package dev.steptrail.demophone;

import dev.steptrail.demophone.internal.screen.Display;
import dev.steptrail.demophone.internal.screen.TextField;
import dev.steptrail.demophone.internal.shell.Program;
import dev.steptrail.demophone.internal.shell.ProgramOutput;
import java.awt.geom.Point2D;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The program {@code input}: touches, keys and text. */
final class InputCommands {
    private static final int FAILED = 255;

    /** In percent; Android has 15 steps of the media volume. */
    private static final int VOLUME_STEP = 7;

    private final SimulatedPhone phone;
    private final Display display;

    InputCommands(SimulatedPhone phone, Display display) {
        this.phone = phone;
        this.display = display;
    }

    void addTo(Map<String, Program> programs) {
        programs.put("input", this::input);
    }

    private int input(List<String> arguments, ProgramOutput output) {
        String name = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> values = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        try {
            return switch (name) {
                case "tap" -> tap(values, output);
                case "swipe" -> swipe(values, output);
                case "text" -> text(values, output);
                case "keyevent" -> keys(values, output);
                default -> invalid(name, output);
            };
        } catch (NumberFormatException e) {
            output.error("Exception occurred while executing '" + name + "':\njava.lang.NumberFormatException: "
                    + e.getMessage() + "\n");
            return FAILED;
        }
    }

    /** Returns the duration of {@code input swipe x1 y1 x2 y2 [milliseconds]}; 0 for other commands. */
    static Duration duration(String[] words) {
        boolean swipe = words.length > 1 && words[1].equals("swipe");
        if (!swipe || words.length > 7 || words.length < 6) {
            return Duration.ZERO;
        }
        boolean number = words.length == 7 && words[6].matches("\\d{1,6}");
        return Duration.ofMillis(number ? Integer.parseInt(words[6]) : 300);
    }

    private int tap(List<String> values, ProgramOutput output) {
        if (values.size() != 2) {
            return invalid("tap", output);
        }
        Point2D point = point(values, 0);
        phone.tapPixel(point.getX(), point.getY());
        return 0;
    }

    private int swipe(List<String> values, ProgramOutput output) {
        if (values.size() != 4 && values.size() != 5) {
            return invalid("swipe", output);
        }
        Point2D from = point(values, 0);
        Point2D to = point(values, 2);
        if (values.size() == 5) {
            Integer.parseInt(values.get(4));
        }
        phone.swipePixels(from.getX(), from.getY(), to.getX(), to.getY());
        return 0;
    }

    private Point2D point(List<String> values, int index) {
        return display.toLayout(Float.parseFloat(values.get(index)), Float.parseFloat(values.get(index + 1)));
    }

    private int text(List<String> values, ProgramOutput output) {
        if (values.size() != 1) {
            return invalid("text", output);
        }
        String text = values.get(0).replace("%s", " ");
        if (!text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            output.error("""
                    Exception occurred while executing 'text':
                    java.lang.NullPointerException: Attempt to get length of null array
                    \tat com.android.server.input.InputShellCommand.sendText(InputShellCommand.java:353)
                    """);
            return FAILED;
        }
        phone.type(text);
        return 0;
    }

    private int keys(List<String> values, ProgramOutput output) {
        List<String> keys =
                values.stream().filter(value -> !value.startsWith("--")).toList();
        if (keys.isEmpty()) {
            return invalid("keyevent", output);
        }
        keys.forEach(this::press);
        return 0;
    }

    private void press(String key) {
        switch (key.replaceFirst("^KEYCODE_", "")) {
            case "3", "HOME" -> phone.home();
            case "4", "BACK" -> phone.back();
            case "21", "DPAD_LEFT" -> phone.edit(TextField::moveLeft);
            case "22", "DPAD_RIGHT" -> phone.edit(TextField::moveRight);
            case "24", "VOLUME_UP" -> phone.changeVolume(VOLUME_STEP);
            case "25", "VOLUME_DOWN" -> phone.changeVolume(-VOLUME_STEP);
            case "26", "POWER" -> phone.setAwake(!phone.awake());
            case "62", "SPACE" -> phone.type(" ");
            case "66", "ENTER" -> phone.type("\n");
            case "67", "DEL" -> phone.edit(TextField::erase);
            case "112", "FORWARD_DEL" -> phone.edit(TextField::eraseForward);
            case "122", "MOVE_HOME" -> phone.edit(TextField::moveToLineStart);
            case "123", "MOVE_END" -> phone.edit(TextField::moveToLineEnd);
            case "223", "SLEEP" -> phone.setAwake(false);
            case "224", "WAKEUP" -> phone.setAwake(true);
            default -> {
                // Other keys have no effect on the simulated phone.
            }
        }
    }

    private static int invalid(String command, ProgramOutput output) {
        output.error("Error: Invalid arguments for command: " + command
                + "\nUsage: input [<source>] <command> [<arg>...]\n");
        return FAILED;
    }
}
