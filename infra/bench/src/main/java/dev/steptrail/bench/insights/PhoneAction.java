package dev.steptrail.bench.insights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What an agent does to a phone, in Open-AutoGLM's words: {@code {"_metadata":"do","action":"Tap","element":[499,842]}}.
 *
 * @param name such as {@code Tap}; of the last action of a run {@value #FINISH}
 * @param arguments texts and {@link Place}s, in their order
 */
record PhoneAction(String name, Map<String, Object> arguments) {
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

    /** A model that looks at the same button twice does not name the very same point. */
    private static final int JITTER = 4;

    PhoneAction {
        arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
    }

    static PhoneAction tap(Place place) {
        return at(TAP, place);
    }

    /** One that touches a place: a tap, a long press or a double tap. */
    static PhoneAction at(String name, Place place) {
        return new PhoneAction(name, Map.of("element", place));
    }

    /** Moves the finger up from a place, or down where there is no room above it. */
    static PhoneAction swipe(Place start) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("start", start);
        arguments.put("end", start.moved(0, start.y() > 400 ? -350 : 350));
        return new PhoneAction(SWIPE, arguments);
    }

    static PhoneAction launch(String app) {
        return new PhoneAction(LAUNCH, Map.of("app", app));
    }

    static PhoneAction type(String text) {
        return new PhoneAction(TYPE, Map.of("text", text));
    }

    static PhoneAction waiting(int seconds) {
        return new PhoneAction(WAIT, Map.of("duration", seconds + " seconds"));
    }

    static PhoneAction back() {
        return new PhoneAction(BACK, Map.of());
    }

    static PhoneAction home() {
        return new PhoneAction(HOME, Map.of());
    }

    static PhoneAction takeOver(String message) {
        return new PhoneAction(TAKE_OVER, Map.of("message", message));
    }

    static PhoneAction finish(String message) {
        return new PhoneAction(FINISH, Map.of("message", message));
    }

    /** The same action, at a place a few units off. */
    PhoneAction jittered(RandomGenerator random) {
        int right = random.nextInt(-JITTER, JITTER + 1);
        int down = random.nextInt(-JITTER, JITTER + 1);
        Map<String, Object> moved = new LinkedHashMap<>(arguments);
        moved.replaceAll((argument, value) -> value instanceof Place place ? place.moved(right, down) : value);
        return new PhoneAction(name, moved);
    }

    /** As a step's {@code action}. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        if (name.equals(FINISH)) {
            json.put("_metadata", FINISH);
        } else {
            json.put("_metadata", "do");
            json.put("action", name);
        }
        arguments.forEach((argument, value) -> json.put(argument, value instanceof Place place ? place.json() : value));
        return json;
    }
}
