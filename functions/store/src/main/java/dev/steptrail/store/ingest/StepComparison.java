package dev.steptrail.store.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.steptrail.stepformat.UntrustedJson;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares steps that have the same number: duplicates are equal, conflicts differ. Ignores the order of JSON keys. */
final class StepComparison {
    private static final ObjectMapper JSON = JsonMapper.builder(
                    UntrustedJson.factoryBuilder().build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final StoredStep step;
    private @Nullable Parsed parsed;

    /** @param step the stored step, or the first one with its number in a batch */
    StepComparison(StoredStep step) {
        this.step = step;
    }

    boolean isSame(StoredStep other) {
        if (step.equals(other)) {
            return true;
        }
        if (!plain(step).equals(plain(other))) {
            return false;
        }
        if (parsed == null) {
            parsed = Parsed.of(step);
        }
        return parsed.equals(Parsed.of(other));
    }

    private record Parsed(List<JsonNode> values) {
        static Parsed of(StoredStep step) {
            return new Parsed(Stream.concat(
                            Stream.of(step.stepData(), step.actionResult()),
                            step.screenshots().stream()
                                    .flatMap(each -> Stream.of(each.redactedRegions(), each.metadata())))
                    .map(StepComparison::parse)
                    .toList());
        }
    }

    private static JsonNode parse(@Nullable String json) {
        try {
            return json == null ? MissingNode.getInstance() : JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a json column must contain valid JSON", e);
        }
    }

    /** Returns the step without its JSON columns. */
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
                screenshot.screenshotIndex(),
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
