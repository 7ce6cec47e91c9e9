package dev.steptrail.store.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Truncation;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Compares a stored step with others under its number: a duplicate is equal, a conflict differs. The order of JSON keys is ignored. */
final class StepComparison {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final StoredStep one;
    private final LazyJson data;
    private final LazyJson actionResult;

    /** @param one the stored step */
    StepComparison(StoredStep one) {
        this.one = one;
        this.data = new LazyJson(one.stepData());
        this.actionResult = new LazyJson(one.actionResult());
    }

    boolean isSame(StoredStep other) {
        return one.equals(other)
                || (plain(one).equals(plain(other))
                        && data.jsonEquals(other.stepData())
                        && actionResult.jsonEquals(other.actionResult())
                        && sameJson(one.screenshots(), other.screenshots()));
    }

    private static boolean sameJson(List<StoredScreenshot> ones, List<StoredScreenshot> others) {
        return IntStream.range(0, ones.size())
                .allMatch(i -> sameJson(
                                ones.get(i).redactedRegions(), others.get(i).redactedRegions())
                        && sameJson(ones.get(i).metadata(), others.get(i).metadata()));
    }

    private static boolean sameJson(@Nullable String one, @Nullable String other) {
        return new LazyJson(one).jsonEquals(other);
    }

    /** JSON that is parsed at the first comparison and at most once. */
    private static final class LazyJson {
        private final @Nullable String text;
        private @Nullable JsonNode parsed;

        private LazyJson(@Nullable String text) {
            this.text = text;
        }

        private boolean jsonEquals(@Nullable String other) {
            if (text == null || other == null || text.equals(other)) {
                return Objects.equals(text, other);
            }
            if (parsed == null) {
                parsed = parse(text);
            }
            return parsed.equals(parse(other));
        }
    }

    /** Ignores the key of the payload: a record that is sent again may be stored under another. */
    private static JsonNode parse(String json) {
        try {
            JsonNode says = JSON.readTree(json);
            return says instanceof ObjectNode fields ? fields.without(Truncation.PAYLOAD) : says;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a json column holds JSON", e);
        }
    }

    /** Without its JSON. */
    private static StoredStep plain(StoredStep step) {
        return new StoredStep(
                step.taskId(),
                step.stepNumber(),
                step.stepType(),
                "",
                step.thinking(),
                null,
                step.screenshotPath(),
                step.durationMs(),
                step.success(),
                step.errorMessage(),
                step.createdAt(),
                step.screenshots().stream().map(StepComparison::plain).toList());
    }

    private static StoredScreenshot plain(StoredScreenshot screenshot) {
        return new StoredScreenshot(
                screenshot.ordinal(),
                screenshot.role(),
                screenshot.screenshotPath(),
                screenshot.fileHash(),
                screenshot.fileSize(),
                screenshot.originalSize(),
                screenshot.width(),
                screenshot.height(),
                screenshot.format(),
                screenshot.compressed(),
                screenshot.sensitive(),
                "",
                screenshot.perceptualHash(),
                screenshot.thumbnailPath(),
                screenshot.capturedAt(),
                null);
    }
}
