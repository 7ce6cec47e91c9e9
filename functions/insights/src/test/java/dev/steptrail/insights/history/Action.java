package dev.steptrail.insights.history;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * An action in Open-AutoGLM's format: {@code {"_metadata":"do","action":"Tap","element":[499,842]}}.
 *
 * @param name such as {@code Tap}, or {@value #FINISH} for the last action of a run
 * @param arguments texts and {@link Place}s
 */
record Action(String name, Map<String, Object> arguments) {
    static final String TAP = "Tap";
    static final String LONG_PRESS = "Long Press";
    static final String DOUBLE_TAP = "Double Tap";
    static final String SWIPE = "Swipe";
    static final String TYPE = "Type";
    static final String LAUNCH = "Launch";
    static final String WAIT = "Wait";
    static final String BACK = "Back";
    static final String HOME = "Home";
    static final String TAKE_OVER = "Take_over";
    static final String FINISH = "finish";

    /** A model does not return the same point for the same button each time. */
    private static final int JITTER = 4;

    /** A point of the screen, in thousandths of its width and height. */
    record Place(int x, int y) {
        /** Two taps that are nearer may be meant for the same button. */
        private static final int DISTINCT = 40;

        Place moved(int right, int down) {
            return new Place(Math.max(0, Math.min(999, x + right)), Math.max(0, Math.min(999, y + down)));
        }

        boolean isNear(Place other) {
            return Math.abs(x - other.x) < DISTINCT && Math.abs(y - other.y) < DISTINCT;
        }
    }

    static Action tap(Place place) {
        return at(TAP, place);
    }

    /** A tap, a long press, or a double tap. */
    static Action at(String name, Place place) {
        return new Action(name, Map.of("element", place));
    }

    /** Returns a swipe up, or down if the start is too close to the top. */
    static Action swipe(Place start) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("start", start);
        arguments.put("end", start.moved(0, start.y() > 400 ? -350 : 350));
        return new Action(SWIPE, arguments);
    }

    static Action of(String name, String argument, String value) {
        return new Action(name, Map.of(argument, value));
    }

    static Action launch(String app) {
        return of(LAUNCH, "app", app);
    }

    static Action waiting(int seconds) {
        return of(WAIT, "duration", seconds + " seconds");
    }

    static Action back() {
        return new Action(BACK, Map.of());
    }

    /** Returns the same action at a point a few units away. */
    Action jittered(RandomGenerator random) {
        int right = random.nextInt(-JITTER, JITTER + 1);
        int down = random.nextInt(-JITTER, JITTER + 1);
        Map<String, Object> moved = new LinkedHashMap<>(arguments);
        moved.replaceAll((argument, value) -> value instanceof Place place ? place.moved(right, down) : value);
        return new Action(name, moved);
    }

    /** Returns the median duration in milliseconds, including the model's time. */
    double medianMillis() {
        return switch (name) {
            case LAUNCH -> 5_200;
            case TYPE -> 6_400;
            case WAIT -> 4_600;
            case TAKE_OVER -> 12_000;
            case BACK, HOME, FINISH -> 2_900;
            default -> 3_800;
        };
    }

    /** Returns the JSON of a step's {@code action}. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        if (name.equals(FINISH)) {
            json.put("_metadata", FINISH);
        } else {
            json.put("_metadata", "do");
            json.put("action", name);
        }
        arguments.forEach((argument, value) ->
                json.put(argument, value instanceof Place place ? List.of(place.x(), place.y()) : value));
        return json;
    }
}
