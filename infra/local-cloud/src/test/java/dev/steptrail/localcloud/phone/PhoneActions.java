package dev.steptrail.localcloud.phone;

import dev.steptrail.demophone.SimulatedPhone;
import dev.steptrail.tracker.ActionResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Executes an agent's actions on a phone. Actions have Open-AutoGLM's form: {@code _metadata} is {@code do} with an
 * {@code action} of Launch {@code app}, Tap {@code element}, Type {@code text}, Swipe {@code start} {@code end}, Wait
 * {@code duration}, Back or Home; or {@code finish} with a {@code message}. Points are {@code [x, y]} in thousandths of
 * the screen, a duration has a form such as {@code "2 seconds"}. Not thread-safe.
 */
public final class PhoneActions {
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?) seconds?");

    private final SimulatedPhone phone;
    private final Consumer<Duration> waiting;

    /** @param waiting receives the duration of each Wait action */
    public PhoneActions(SimulatedPhone phone, Consumer<Duration> waiting) {
        this.phone = phone;
        this.waiting = waiting;
    }

    /** Executes {@code action}. An action that is malformed or unsupported fails and changes nothing. */
    public ActionResult execute(Map<String, Object> action) {
        try {
            return switch (text(action, "_metadata")) {
                case "do" -> perform(action);
                case "finish" -> ActionResult.succeeded(text(action, "message"));
                default -> throw new MalformedActionException("_metadata must be \"do\" or \"finish\"");
            };
        } catch (MalformedActionException e) {
            return ActionResult.failed("Malformed action: " + e.getMessage() + ", but the action is " + action);
        }
    }

    private ActionResult perform(Map<String, Object> action) throws MalformedActionException {
        String name = text(action, "action");
        switch (name) {
            case "Launch" -> {
                String app = text(action, "app");
                return phone.launch(app) ? ActionResult.succeeded() : ActionResult.failed("App not found: " + app);
            }
            case "Type" -> {
                return phone.type(text(action, "text"))
                        ? ActionResult.succeeded()
                        : ActionResult.failed("No text field has the focus: tap one before typing");
            }
            case "Tap" -> {
                Point point = point(action, "element");
                phone.tap(point.x(), point.y());
            }
            case "Swipe" -> {
                Point start = point(action, "start");
                Point end = point(action, "end");
                phone.swipe(start.x(), start.y(), end.x(), end.y());
            }
            case "Wait" -> waiting.accept(duration(action));
            case "Back" -> phone.back();
            case "Home" -> phone.home();
            default -> {
                return ActionResult.failed("Unknown action: " + name);
            }
        }
        return ActionResult.succeeded();
    }

    private record Point(int x, int y) {}

    private static final class MalformedActionException extends Exception {
        MalformedActionException(String message) {
            super(message);
        }
    }

    private static Point point(Map<String, Object> action, String field) throws MalformedActionException {
        if (action.get(field) instanceof List<?> list
                && list.size() == 2
                && list.get(0) instanceof Integer x
                && list.get(1) instanceof Integer y
                && Math.min(x, y) >= 0
                && Math.max(x, y) <= 1000) {
            return new Point(x, y);
        }
        throw new MalformedActionException(field + " must be [x, y] with whole numbers from 0 to 1000");
    }

    private static Duration duration(Map<String, Object> action) throws MalformedActionException {
        Matcher seconds = SECONDS.matcher(text(action, "duration"));
        if (!seconds.matches()) {
            throw new MalformedActionException("duration must be such as \"2 seconds\"");
        }
        return Duration.ofMillis(Math.round(Double.parseDouble(seconds.group(1)) * 1000));
    }

    private static String text(Map<String, Object> action, String field) throws MalformedActionException {
        if (action.get(field) instanceof String text) {
            return text;
        }
        throw new MalformedActionException(field + " must be a text");
    }
}
