package dev.steptrail.store.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.store.model.Cuts;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Tells a step that came twice from one that came again and says something else. The order of keys in JSON says nothing. */
final class SameStep {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final StoredStep one;
    private final JsonOnce data;
    private final JsonOnce actionResult;

    /** @param one with which others are compared */
    SameStep(StoredStep one) {
        this.one = one;
        this.data = new JsonOnce(one.stepData());
        this.actionResult = new JsonOnce(one.actionResult());
    }

    boolean as(StoredStep other) {
        return one.equals(other)
                || (plain(one).equals(plain(other))
                        && data.saysTheSame(other.stepData())
                        && actionResult.saysTheSame(other.actionResult())
                        && sameJson(one.screenshots(), other.screenshots()));
    }

    private static boolean sameJson(List<StoredScreenshot> ones, List<StoredScreenshot> others) {
        return IntStream.range(0, ones.size())
                .allMatch(i -> sameJson(
                                ones.get(i).redactedRegions(), others.get(i).redactedRegions())
                        && sameJson(ones.get(i).metadata(), others.get(i).metadata()));
    }

    private static boolean sameJson(@Nullable String one, @Nullable String other) {
        return new JsonOnce(one).saysTheSame(other);
    }

    /** JSON that is parsed when it is first asked for, and once, however many it is compared with. */
    private static final class JsonOnce {
        private final @Nullable String text;
        private @Nullable JsonNode says;

        private JsonOnce(@Nullable String text) {
            this.text = text;
        }

        private boolean saysTheSame(@Nullable String other) {
            if (text == null || other == null || text.equals(other)) {
                return Objects.equals(text, other);
            }
            if (says == null) {
                says = whatItSays(text);
            }
            return says.equals(whatItSays(other));
        }
    }

    /** Sent again, a record may lie under another key. */
    private static JsonNode whatItSays(String json) {
        try {
            JsonNode says = JSON.readTree(json);
            return says instanceof ObjectNode fields ? fields.without(Cuts.PAYLOAD) : says;
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
                step.screenshots().stream().map(SameStep::plain).toList());
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
