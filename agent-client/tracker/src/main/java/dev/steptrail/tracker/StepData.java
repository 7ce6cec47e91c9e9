package dev.steptrail.tracker;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.JsonValues;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.screenshot.ModelImages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of one step. All fields are optional. Invalid values, such as a negative duration, an empty type or a
 * resource that is not a finite number, are ignored.
 *
 * <p>Immutable, except that the bytes or pixels of its screenshots are shared with the caller.
 */
public final class StepData {
    record StepScreenshot(FrameRole role, Screen screen) {}

    /** The estimated memory of a step without its texts and screenshots. */
    private static final int STEP_BYTES = 200;

    /** The estimated memory of a value other than a string. */
    private static final int VALUE_BYTES = 16;

    // Modified by the builder alone, before the step is returned.

    /** The time at which the step was built. */
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

    @Nullable
    String currentApp;

    @Nullable
    Usage usage;

    @Nullable
    Object modelInput;

    @Nullable
    Object modelOutput;

    Map<String, Object> timings = Map.of();
    Map<String, Object> resources = Map.of();
    List<StepScreenshot> screens = List.of();

    /** The number of screenshots that did not fit into the queue. */
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
        currentApp = other.currentApp;
        usage = other.usage;
        modelInput = other.modelInput;
        modelOutput = other.modelOutput;
        timings = other.timings;
        resources = other.resources;
        screens = other.screens;
        textBytes = other.textBytes;
    }

    /** Returns a copy without the screenshots, which count as dropped. */
    StepData withoutScreenshots() {
        StepData copy = new StepData(this);
        copy.screens = List.of();
        copy.droppedScreenshots = screens.size();
        return copy;
    }

    /** Returns the step without what its model received and returned; the step itself if it has neither. */
    StepData withoutModelTexts() {
        if (modelInput == null && modelOutput == null) {
            return this;
        }
        StepData copy = new StepData(this);
        copy.modelInput = null;
        copy.modelOutput = null;
        copy.textBytes -= bytesOf(modelInput) + bytesOf(modelOutput);
        copy.screenshotBytes = screenshotBytes;
        return copy;
    }

    /** Returns the estimated memory of the step, in bytes. */
    long bytes() {
        return textBytes + screenshotBytes;
    }

    /**
     * Returns a deep copy. If reading {@code values} throws, the copy contains the class name of the exception instead:
     * no exception or Error of the agent's own classes may reach the agent through a recording call.
     */
    static Map<String, Object> copyOf(Map<String, ?> values) {
        try {
            return JsonValues.copyOf(values);
        } catch (Throwable e) {
            return Map.of("x_unreadable", e.getClass().getName());
        }
    }

    /** Returns a name without the characters beyond {@code maxLength}; null if it is empty. */
    static @Nullable String truncateName(@Nullable String name, int maxLength) {
        if (name == null || name.isEmpty()) {
            return null;
        }
        return name.length() <= maxLength
                ? name
                : name.codePoints()
                        .limit(maxLength)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    /** Returns the estimated memory of a JSON value; a string takes two bytes for each character. */
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

    /** Returns a builder for a step with an action. */
    public static Builder action(Map<String, ?> action) {
        return ofType(StepType.ACTION).action(action);
    }

    /** Returns a builder for a step that failed before an action was executed. */
    public static Builder error(String errorMessage) {
        return ofType(StepType.ERROR).failed(errorMessage);
    }

    /** Returns a builder for a step of a {@link StepType}, or of a custom type, truncated to 100 characters. */
    public static Builder ofType(String type) {
        return new Builder(type);
    }

    /** Builds a {@link StepData}. Not thread-safe. */
    public static final class Builder {
        private final StepData step = new StepData();

        @SuppressWarnings("ConstantValue") // a null from the agent must not cause an exception in the agent
        private Builder(@Nullable String type) {
            String name = truncateName(type, StepType.MAX_LENGTH);
            if (name != null) {
                step.type = name;
            }
        }

        /** Sets the model's reasoning before the action. */
        public Builder thinking(@Nullable String thinking) {
            step.thinking = thinking;
            return this;
        }

        /** Sets the action in the agent's own format, with values as in JSON. The map is copied. */
        public Builder action(@Nullable Map<String, ?> action) {
            step.action = action == null ? null : copyOf(action);
            return this;
        }

        /** Sets the result of the action, in the agent's own format. The map is copied. */
        public Builder actionResult(@Nullable Map<String, ?> actionResult) {
            step.actionResult = actionResult == null ? null : copyOf(actionResult);
            return this;
        }

        /**
         * Sets the app in the foreground before the action, as its name or package, recorded as {@code current_app}.
         */
        public Builder currentApp(@Nullable String currentApp) {
            step.currentApp = currentApp;
            return this;
        }

        /** Sets the duration of the step. */
        public Builder duration(@Nullable Duration duration) {
            step.duration = duration != null && isStorable(duration) ? duration : null;
            return this;
        }

        /** Marks the step as successful. */
        public Builder succeeded() {
            step.success = true;
            return this;
        }

        /** Marks the step as failed. */
        public Builder failed(@Nullable String errorMessage) {
            step.success = false;
            step.errorMessage = errorMessage;
            return this;
        }

        /**
         * Sets the tokens of the step's model calls, as the model's server reports them. Null means unknown; a negative
         * number is ignored.
         *
         * @param inputTokens all input tokens, including cached ones
         * @param cachedTokens those of the input tokens that the server read from its cache
         * @param outputTokens the generated tokens
         */
        public Builder usage(
                @Nullable Integer inputTokens, @Nullable Integer cachedTokens, @Nullable Integer outputTokens) {
            step.usage = Usage.of(countOf(inputTokens), countOf(cachedTokens), countOf(outputTokens));
            return this;
        }

        /**
         * Sets what the model received, with values as in JSON, such as a list of chat messages. The value is copied.
         * It is recorded only if the tracker's builder allows it, see {@link StepTrackerBuilder#recordModelCalls}.
         *
         * <p>Images in base64 are not recorded. An image that equals a frame of the step becomes a reference to it,
         * such as {@code {"frame":"before"}}; another one becomes {@code {"omitted":"image","bytes":12345}}.
         */
        public Builder modelInput(@Nullable Object modelInput) {
            step.modelInput = copyOfValue(modelInput);
            return this;
        }

        /** Sets what the model returned, such as the text of its reply. Recorded like {@link #modelInput}. */
        public Builder modelOutput(@Nullable Object modelOutput) {
            step.modelOutput = copyOfValue(modelOutput);
            return this;
        }

        Builder modelCall(ModelCall call) {
            step.usage = call.usage();
            return modelInput(call.input()).modelOutput(call.output());
        }

        /** Adds the duration of a part, such as {@code model} or {@code action}, recorded as {@code <part>_ms}. */
        public Builder timing(String part, @Nullable Duration duration) {
            if (duration != null && isStorable(duration)) {
                step.timings = copyWith(step.timings, part + "_ms", duration.toMillis());
            }
            return this;
        }

        /** Adds the amount of a resource that the step used, such as {@code cpu} or {@code memory}. */
        public Builder resource(String name, double amount) {
            if (Double.isFinite(amount)) {
                step.resources = copyWith(step.resources, String.valueOf(name), amount);
            }
            return this;
        }

        /**
         * Adds a screenshot.
         *
         * @param role {@link FrameRole#OTHER} if null
         * @param pngOrJpeg the image, which is not copied; the caller must not change it afterwards
         * @param sensitive whether the screenshot may show private data
         */
        public Builder frame(@Nullable FrameRole role, byte @Nullable [] pngOrJpeg, boolean sensitive) {
            return frame(role, pngOrJpeg == null ? null : new Screen(pngOrJpeg, sensitive));
        }

        /**
         * Adds a screenshot that is given as pixels or base64, or has redactions.
         *
         * @param role {@link FrameRole#OTHER} if null
         */
        public Builder frame(@Nullable FrameRole role, @Nullable Screen screen) {
            if (screen != null) {
                List<StepScreenshot> screens = new ArrayList<>(step.screens);
                screens.add(new StepScreenshot(role == null ? FrameRole.OTHER : role, screen));
                step.screens = List.copyOf(screens);
            }
            return this;
        }

        /** Builds the step. Its timestamp is the current time, even if it is recorded later. */
        public StepData build() {
            StepData built = new StepData(step);
            built.timestamp = Instant.now();
            if (step.modelInput != null || step.modelOutput != null) {
                ModelImages images = new ModelImages();
                step.screens.forEach(
                        frame -> images.addFrame(frame.role(), frame.screen().image()));
                built.modelInput = images.replaceIn(step.modelInput);
                built.modelOutput = images.replaceIn(step.modelOutput);
            }
            built.textBytes = STEP_BYTES
                    + bytesOf(step.thinking)
                    + bytesOf(step.errorMessage)
                    + bytesOf(step.currentApp)
                    + bytesOf(step.action)
                    + bytesOf(step.actionResult)
                    + bytesOf(built.modelInput)
                    + bytesOf(built.modelOutput)
                    + bytesOf(step.timings)
                    + bytesOf(step.resources);
            for (StepScreenshot screenshot : step.screens) {
                built.screenshotBytes += screenshot.screen().image().bytes();
            }
            return built;
        }

        private static @Nullable Integer countOf(@Nullable Integer tokens) {
            return tokens == null || tokens < 0 ? null : tokens;
        }

        private static @Nullable Object copyOfValue(@Nullable Object value) {
            try {
                return JsonValues.copyOfValue(value);
            } catch (Throwable e) { // must not reach the agent, as in copyOf()
                return Map.of("x_unreadable", e.getClass().getName());
            }
        }

        private static boolean isStorable(Duration duration) {
            return !duration.isNegative() && duration.compareTo(Step.MAX_DURATION) <= 0;
        }

        private static Map<String, Object> copyWith(Map<String, Object> values, String key, Object value) {
            Map<String, Object> copy = new LinkedHashMap<>(values);
            copy.put(key, value);
            return copy;
        }
    }
}
