package dev.steptrail.tracker;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.JsonValues;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of one step. No field is required, and no value is rejected: what a step cannot hold (a negative duration, an empty
 * type, a resource that is not a number) is left out.
 *
 * <p>Immutable, but for the bytes of its pictures, which it shares with the caller.
 */
public final class StepData {
    /** A screen, and which moment of the step it shows. */
    record StepScreenshot(FrameRole role, Screen screen) {}

    /** What a step takes besides its texts and screenshots. */
    private static final int STEP_BYTES = 200;

    /** What a value takes that is not a text. */
    private static final int VALUE_BYTES = 16;

    // Written by the builder alone, before the step is handed out.

    /** When the step was built. */
    Instant timestamp = Instant.EPOCH;

    String type = StepType.ACTION;

    @Nullable
    String thinking;

    @Nullable
    Map<String, Object> action;

    @Nullable
    Map<String, Object> actionResult;

    @Nullable
    Duration duration;

    @Nullable
    Boolean success;

    @Nullable
    String errorMessage;

    Map<String, Object> timings = Map.of();
    Map<String, Object> resources = Map.of();
    List<StepScreenshot> screens = List.of();

    /** How many screenshots did not fit into the queue. */
    int droppedScreenshots;

    private long textBytes;
    private long screenshotBytes;

    private StepData() {}

    private StepData(StepData other) {
        timestamp = other.timestamp;
        type = other.type;
        thinking = other.thinking;
        action = other.action;
        actionResult = other.actionResult;
        duration = other.duration;
        success = other.success;
        errorMessage = other.errorMessage;
        timings = other.timings;
        resources = other.resources;
        screens = other.screens;
        textBytes = other.textBytes;
    }

    /** The same step, whose screenshots did not fit into the queue. */
    StepData withoutScreenshots() {
        StepData bare = new StepData(this);
        bare.screens = List.of();
        bare.droppedScreenshots = screens.size();
        return bare;
    }

    /** How much memory the step takes, approximately. */
    long bytes() {
        return textBytes + screenshotBytes;
    }

    long bytesWithoutScreenshots() {
        return textBytes;
    }

    /**
     * A deep copy of what an agent hands in. Where reading that throws, the copy names the exception instead: it must not
     * surface in the agent, not even an Error of the agent's own classes.
     */
    static Map<String, Object> copyOf(Map<String, ?> values) {
        try {
            return JsonValues.copyOf(values);
        } catch (Throwable e) {
            return Map.of("x_unreadable", e.getClass().getName());
        }
    }

    /** How much memory a value of JSON takes, approximately: two bytes for each character of a text. */
    static long bytesOf(@Nullable Object value) {
        if (value instanceof String text) {
            return 2L * text.length();
        }
        long bytes = VALUE_BYTES;
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                bytes += bytesOf(entry.getKey()) + bytesOf(entry.getValue());
            }
        } else if (value instanceof List<?> list) {
            for (Object element : list) {
                bytes += bytesOf(element);
            }
        }
        return bytes;
    }

    /** A step in which the agent acts. */
    public static Builder action(Map<String, ?> action) {
        return ofType(StepType.ACTION).action(action);
    }

    /** A step that could not be taken. */
    public static Builder error(String errorMessage) {
        return ofType(StepType.ERROR).failed(errorMessage);
    }

    /** A step of one of {@link StepType}, or of the caller's own type of 1 to 100 characters. */
    public static Builder ofType(String type) {
        return new Builder(type);
    }

    /** Not thread-safe. */
    public static final class Builder {
        private final StepData step = new StepData();

        @SuppressWarnings("ConstantValue") // an agent's null must not surface as an exception in the agent
        private Builder(@Nullable String type) {
            if (type != null && !type.isEmpty()) {
                step.type = type.length() <= StepType.MAX_LENGTH
                        ? type
                        : type.codePoints()
                                .limit(StepType.MAX_LENGTH)
                                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                                .toString();
            }
        }

        /** What the model said before it acted. */
        public Builder thinking(@Nullable String thinking) {
            step.thinking = thinking;
            return this;
        }

        /** What the agent did, in its own words: strings, numbers, lists and maps as in JSON. */
        public Builder action(@Nullable Map<String, ?> action) {
            step.action = action == null ? null : copyOf(action);
            return this;
        }

        /** What came of it, likewise. */
        public Builder actionResult(@Nullable Map<String, ?> actionResult) {
            step.actionResult = actionResult == null ? null : copyOf(actionResult);
            return this;
        }

        /** How long the step took. */
        public Builder duration(@Nullable Duration duration) {
            step.duration = duration != null && isStorable(duration) ? duration : null;
            return this;
        }

        /** The step went well. */
        public Builder succeeded() {
            step.success = true;
            return this;
        }

        /** The step went wrong. */
        public Builder failed(@Nullable String errorMessage) {
            step.success = false;
            step.errorMessage = errorMessage;
            return this;
        }

        /** How long a part of it took, kept as {@code <part>_ms}; {@code model}, {@code time_to_first_token}, {@code action}. */
        public Builder timing(String part, @Nullable Duration duration) {
            if (duration != null && isStorable(duration)) {
                step.timings = with(step.timings, part + "_ms", duration.toMillis());
            }
            return this;
        }

        /** What it used of something: {@code cpu}, {@code memory}. */
        public Builder resource(String name, double amount) {
            if (Double.isFinite(amount)) {
                step.resources = with(step.resources, String.valueOf(name), amount);
            }
            return this;
        }

        /**
         * A picture of the screen.
         *
         * @param role other if null
         * @param pngOrJpeg not copied: to be left alone from now on
         * @param sensitive whether it may show what only its owner should see
         */
        public Builder frame(@Nullable FrameRole role, byte @Nullable [] pngOrJpeg, boolean sensitive) {
            return frame(role, pngOrJpeg == null ? null : new Screen(pngOrJpeg, sensitive));
        }

        /**
         * A picture of the screen, as pixels, as base64 or with parts that are not to be kept.
         *
         * @param role other if null
         */
        public Builder frame(@Nullable FrameRole role, @Nullable Screen screen) {
            if (screen != null) {
                List<StepScreenshot> screens = new ArrayList<>(step.screens);
                screens.add(new StepScreenshot(role == null ? FrameRole.OTHER : role, screen));
                step.screens = List.copyOf(screens);
            }
            return this;
        }

        /** The step, ready to be recorded. Its time is now, whenever it will be recorded. */
        public StepData build() {
            StepData built = new StepData(step);
            built.timestamp = Instant.now();
            built.textBytes = STEP_BYTES
                    + bytesOf(step.thinking)
                    + bytesOf(step.errorMessage)
                    + bytesOf(step.action)
                    + bytesOf(step.actionResult)
                    + bytesOf(step.timings)
                    + bytesOf(step.resources);
            for (StepScreenshot screenshot : step.screens) {
                built.screenshotBytes += screenshot.screen().picture().bytes();
            }
            return built;
        }

        private static boolean isStorable(Duration duration) {
            return !duration.isNegative() && duration.compareTo(Step.LONGEST) <= 0;
        }

        private static Map<String, Object> with(Map<String, Object> values, String key, Object value) {
            Map<String, Object> more = new LinkedHashMap<>(values);
            more.put(key, value);
            return more;
        }
    }
}
