package dev.steptrail.tracker;

import dev.steptrail.stepformat.FrameRole;
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
    record SeenScreen(FrameRole role, Screen screen) {}

    /** What a step takes besides its texts and screenshots. */
    private static final int STEP_BYTES = 200;

    /** What a value takes that is not a text. */
    private static final int VALUE_BYTES = 16;

    /** When the step was built. */
    final Instant timestamp;

    final String type;
    final @Nullable String thinking;
    final @Nullable Map<String, Object> action;
    final @Nullable Map<String, Object> actionResult;
    final @Nullable Duration duration;
    final @Nullable Boolean success;
    final @Nullable String errorMessage;
    final Map<String, Object> timings;
    final Map<String, Object> resources;
    final List<SeenScreen> screens;

    /** How many screenshots did not fit into the queue. */
    final int refusedScreenshots;

    private final long textBytes;
    private final long screenshotBytes;

    private StepData(Builder builder) {
        timestamp = Instant.now();
        type = builder.type;
        thinking = builder.thinking;
        action = builder.action;
        actionResult = builder.actionResult;
        duration = builder.duration;
        success = builder.success;
        errorMessage = builder.errorMessage;
        timings = builder.timings.isEmpty() ? Map.of() : new LinkedHashMap<>(builder.timings);
        resources = builder.resources.isEmpty() ? Map.of() : new LinkedHashMap<>(builder.resources);
        screens = List.copyOf(builder.screens);
        refusedScreenshots = 0;
        textBytes = STEP_BYTES
                + bytesOf(thinking)
                + bytesOf(errorMessage)
                + bytesOf(action)
                + bytesOf(actionResult)
                + bytesOf(timings)
                + bytesOf(resources);
        screenshotBytes = bytesOf(screens);
    }

    /** The same step without its screenshots. */
    private StepData(StepData whole) {
        timestamp = whole.timestamp;
        type = whole.type;
        thinking = whole.thinking;
        action = whole.action;
        actionResult = whole.actionResult;
        duration = whole.duration;
        success = whole.success;
        errorMessage = whole.errorMessage;
        timings = whole.timings;
        resources = whole.resources;
        screens = List.of();
        refusedScreenshots = whole.screens.size();
        textBytes = whole.textBytes;
        screenshotBytes = 0;
    }

    /** The same step, whose screenshots did not fit into the queue. */
    StepData withoutScreenshots() {
        return new StepData(this);
    }

    /** How much memory the step takes, approximately. */
    long bytes() {
        return textBytes + screenshotBytes;
    }

    long bytesWithoutScreenshots() {
        return textBytes;
    }

    private static long bytesOf(List<SeenScreen> screens) {
        long bytes = 0;
        for (SeenScreen seen : screens) {
            bytes += seen.screen().picture().bytes();
        }
        return bytes;
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
        private final String type;
        private @Nullable String thinking;
        private @Nullable Map<String, Object> action;
        private @Nullable Map<String, Object> actionResult;
        private @Nullable Duration duration;
        private @Nullable Boolean success;
        private @Nullable String errorMessage;
        private Map<String, Object> timings = Map.of();
        private Map<String, Object> resources = Map.of();
        private List<SeenScreen> screens = List.of();

        @SuppressWarnings("ConstantValue") // an agent's null must not surface as an exception in the agent
        private Builder(@Nullable String type) {
            if (type == null || type.isEmpty()) {
                this.type = StepType.ACTION;
            } else if (type.length() <= StepType.MAX_LENGTH) {
                this.type = type;
            } else {
                this.type = type.codePoints()
                        .limit(StepType.MAX_LENGTH)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }

        /** What the model said before it acted. */
        public Builder thinking(@Nullable String thinking) {
            this.thinking = thinking;
            return this;
        }

        /** What the agent did, in its own words: strings, numbers, lists and maps as in JSON. */
        public Builder action(@Nullable Map<String, ?> action) {
            this.action = snapshot(action);
            return this;
        }

        /** What came of it, likewise. */
        public Builder actionResult(@Nullable Map<String, ?> actionResult) {
            this.actionResult = snapshot(actionResult);
            return this;
        }

        /** How long the step took. */
        public Builder duration(@Nullable Duration duration) {
            this.duration = duration != null && isStorable(duration) ? duration : null;
            return this;
        }

        /** The step went well. */
        public Builder succeeded() {
            success = true;
            return this;
        }

        /** The step went wrong. */
        public Builder failed(@Nullable String errorMessage) {
            success = false;
            this.errorMessage = errorMessage;
            return this;
        }

        /** How long a part of it took, kept as {@code <part>_ms}; {@code model}, {@code time_to_first_token}, {@code action}. */
        public Builder timing(String part, @Nullable Duration duration) {
            if (duration != null && isStorable(duration)) {
                if (timings.isEmpty()) {
                    timings = new LinkedHashMap<>();
                }
                timings.put(part + "_ms", duration.toMillis());
            }
            return this;
        }

        /** What it used of something: {@code cpu}, {@code memory}. */
        public Builder resource(String name, double amount) {
            if (Double.isFinite(amount)) {
                if (resources.isEmpty()) {
                    resources = new LinkedHashMap<>();
                }
                resources.put(String.valueOf(name), amount);
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
                if (screens.isEmpty()) {
                    screens = new ArrayList<>();
                }
                screens.add(new SeenScreen(role == null ? FrameRole.OTHER : role, screen));
            }
            return this;
        }

        /** The step, ready to be recorded. Its time is now, whenever it will be recorded. */
        public StepData build() {
            return new StepData(this);
        }

        private static boolean isStorable(Duration duration) {
            return !duration.isNegative() && duration.compareTo(Step.LONGEST) <= 0;
        }

        /** A deep copy: the agent may go on with its own. */
        private static @Nullable Map<String, Object> snapshot(@Nullable Map<String, ?> values) {
            return values == null ? null : AgentValues.copyOf(values);
        }
    }
}
