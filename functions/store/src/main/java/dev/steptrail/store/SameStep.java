package dev.steptrail.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    private SameStep() {}

    static boolean test(StoredStep one, StoredStep other) {
        return one.equals(other)
                || (plain(one).equals(plain(other))
                        && sameData(one.stepData(), other.stepData())
                        && sameJson(one.actionResult(), other.actionResult())
                        && sameJson(one.screenshots(), other.screenshots()));
    }

    private static boolean sameJson(List<StoredScreenshot> ones, List<StoredScreenshot> others) {
        return IntStream.range(0, ones.size())
                .allMatch(i -> sameJson(
                                ones.get(i).redactedRegions(), others.get(i).redactedRegions())
                        && sameJson(ones.get(i).metadata(), others.get(i).metadata()));
    }

    /** Sent again, a record may lie under another key. */
    private static boolean sameData(String one, String other) {
        return one.equals(other) || whatItSays(one).equals(whatItSays(other));
    }

    private static JsonNode whatItSays(String data) {
        JsonNode says = tree(data);
        return says instanceof ObjectNode fields ? fields.without(Cuts.PAYLOAD) : says;
    }

    private static boolean sameJson(@Nullable String one, @Nullable String other) {
        if (Objects.equals(one, other)) {
            return true;
        }
        return one != null && other != null && tree(one).equals(tree(other));
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
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
