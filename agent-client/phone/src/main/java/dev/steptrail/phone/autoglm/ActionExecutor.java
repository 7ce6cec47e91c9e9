package dev.steptrail.phone.autoglm;

import dev.steptrail.phone.autoglm.UserInteraction.Answer;
import dev.steptrail.phone.device.Device;
import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.phone.device.Key;
import dev.steptrail.phone.device.OutcomeUnknownException;
import dev.steptrail.phone.device.Screenshot;
import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.TaskEndException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Executes the actions of AutoGLM models with the coordinates, durations and waits of Open-AutoGLM. Coordinates are
 * thousandths of the screen's width and height.
 */
final class ActionExecutor {
    private static final double SCALE = 1000;
    private static final Duration LONG_PRESS = Duration.ofSeconds(3);
    private static final long MIN_SWIPE_MILLIS = 1000;
    private static final long MAX_SWIPE_MILLIS = 2000;
    private static final double DEFAULT_WAIT_SECONDS = 1;

    private final Device device;
    private final AppTable apps;
    private final UserInteraction user;
    private final Duration waitAfterAction;

    ActionExecutor(Device device, AppTable apps, UserInteraction user, Duration waitAfterAction) {
        this.device = device;
        this.apps = apps;
        this.user = user;
        this.waitAfterAction = waitAfterAction;
    }

    private record Point(int x, int y) {}

    /** An argument of an action is missing or invalid. */
    private static final class InvalidActionException extends Exception {
        InvalidActionException(String message) {
            super(message);
        }
    }

    private interface Input {
        void send() throws DeviceException, InterruptedException;
    }

    /**
     * Executes an action.
     *
     * @param screen the screen to which the coordinates refer
     * @param maxWait the maximum duration of {@code Wait}
     * @return the result, also if the action failed
     * @throws TaskEndException if the phone is lost, the user refuses or no user is available
     */
    ActionResult execute(Map<String, Object> action, Screenshot screen, Duration maxWait)
            throws TaskEndException, InterruptedException {
        String name = String.valueOf(action.get("action"));
        try {
            return switch (name) {
                case "Launch" -> launch(text(action, "app"));
                case "Tap" -> tap(action, screen);
                case "Type", "Type_Name" -> type(action);
                case "Swipe" -> swipe(point(action, "start", screen), point(action, "end", screen));
                case "Back" -> input(() -> device.press(Key.BACK));
                case "Home" -> input(() -> device.press(Key.HOME));
                case "Double Tap" -> {
                    Point point = point(action, "element", screen);
                    yield input(() -> device.doubleTap(point.x, point.y));
                }
                case "Long Press" -> {
                    Point point = point(action, "element", screen);
                    yield input(() -> device.longPress(point.x, point.y, LONG_PRESS));
                }
                case "Wait" -> waitFor(seconds(action.get("duration")), maxWait);
                case "Take_over" -> takeOver(action);
                // As in Open-AutoGLM, these have no effect on the phone; the model's next reply continues.
                case "Note", "Call_API" -> ActionResult.succeeded();
                case "Interact" -> ActionResult.succeeded("User interaction required");
                default -> ActionResult.failed("Unknown action: " + name);
            };
        } catch (InvalidActionException e) {
            return ActionResult.failed(String.valueOf(e.getMessage()));
        } catch (OutcomeUnknownException e) {
            return ActionResult.unknown(String.valueOf(e.getMessage()));
        } catch (DeviceLostException e) {
            throw RunOutcome.DEVICE_LOST.toException(String.valueOf(e.getMessage()), e);
        } catch (DeviceException e) {
            return ActionResult.failed(String.valueOf(e.getMessage()));
        }
    }

    private ActionResult input(Input input) throws DeviceException, InterruptedException {
        input.send();
        return waitAfter(ActionResult.succeeded());
    }

    private ActionResult waitAfter(ActionResult result) {
        long start = System.nanoTime();
        sleep(waitAfterAction);
        return waitAfterAction.isZero() ? result : result.timed("wait", since(start));
    }

    /**
     * Ends early if the thread is interrupted, which remains so: the action has succeeded, and the task ends after it.
     */
    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ActionResult launch(String app) throws DeviceException, InterruptedException {
        for (String packageName : apps.packagesOf(app)) {
            if (device.launch(packageName)) {
                return waitAfter(ActionResult.succeeded());
            }
        }
        return ActionResult.failed("App not found: " + app);
    }

    private ActionResult tap(Map<String, Object> action, Screenshot screen)
            throws DeviceException, InvalidActionException, TaskEndException, InterruptedException {
        Point point = point(action, "element", screen);
        if (!action.containsKey("message")) {
            return input(() -> device.tap(point.x, point.y));
        }
        String message = String.valueOf(action.get("message"));
        long start = System.nanoTime();
        require(() -> user.confirm(message), "confirm", message);
        Duration asked = since(start);
        return input(() -> device.tap(point.x, point.y)).timed("confirmation", asked);
    }

    private ActionResult takeOver(Map<String, Object> action) throws TaskEndException, InterruptedException {
        Object message = action.get("message");
        String request = message == null ? "User intervention required" : message.toString();
        long start = System.nanoTime();
        require(() -> user.takeOver(request), "take over", request);
        return ActionResult.succeeded().timed("take_over", since(start));
    }

    private interface Question {
        Answer ask() throws InterruptedException;
    }

    private static void require(Question question, String request, String message) throws TaskEndException {
        Answer answer;
        try {
            answer = question.ask();
        } catch (InterruptedException e) {
            throw RunOutcome.CANCELLED.toException(
                    "interrupted while the user was asked to " + request + ": " + message, e);
        }
        switch (answer) {
            case YES -> {}
            case NO -> throw RunOutcome.REFUSED.toException("the user refused to " + request + ": " + message, null);
            case UNAVAILABLE ->
                throw RunOutcome.USER_NEEDED.toException(
                        "the model asked the user to " + request + ", but no user is available: " + message, null);
        }
    }

    private ActionResult type(Map<String, Object> action) throws DeviceException, InterruptedException {
        Object text = action.get("text");
        return input(() -> device.typeText(text == null ? "" : text.toString()));
    }

    private ActionResult swipe(Point from, Point to) throws DeviceException, InterruptedException {
        long dx = (long) from.x - to.x;
        long dy = (long) from.y - to.y;
        long millis = Math.max(MIN_SWIPE_MILLIS, Math.min((dx * dx + dy * dy) / 1000, MAX_SWIPE_MILLIS));
        return input(() -> device.swipe(from.x, from.y, to.x, to.y, Duration.ofMillis(millis)));
    }

    private static ActionResult waitFor(double seconds, Duration maxWait) {
        long start = System.nanoTime();
        Duration wanted = Duration.ofMillis((long) (Math.max(0, seconds) * 1000));
        boolean shortened = wanted.compareTo(maxWait) > 0;
        sleep(shortened ? maxWait : wanted);
        Duration waited = since(start);
        String message = shortened ? "shortened to " + maxWait.toMillis() / 1000.0 + " s" : null;
        if (Thread.currentThread().isInterrupted()) {
            message = "interrupted after " + waited.toMillis() / 1000.0 + " s";
        }
        return ActionResult.succeeded(message).timed("wait", waited);
    }

    /** Parses a duration such as {@code 2 seconds}; 1 s if it is missing or invalid, as in Open-AutoGLM. */
    private static double seconds(@Nullable Object duration) {
        if (duration instanceof Number number) {
            return number.doubleValue();
        }
        try {
            double seconds = Double.parseDouble(
                    String.valueOf(duration).replaceAll("seconds?|秒", "").strip());
            return Double.isNaN(seconds) ? DEFAULT_WAIT_SECONDS : seconds;
        } catch (NumberFormatException e) {
            return DEFAULT_WAIT_SECONDS;
        }
    }

    private static String text(Map<String, Object> action, String name) throws InvalidActionException {
        if (action.get(name) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new InvalidActionException(action.get("action") + " has no " + name);
    }

    private static Point point(Map<String, Object> action, String name, Screenshot screen)
            throws InvalidActionException {
        if (action.get(name) instanceof List<?> list
                && list.size() >= 2
                && list.get(0) instanceof Number x
                && list.get(1) instanceof Number y) {
            return new Point((int) (x.doubleValue() / SCALE * screen.width()), (int)
                    (y.doubleValue() / SCALE * screen.height()));
        }
        throw new InvalidActionException(action.get("action") + " has no valid coordinates in " + name);
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
