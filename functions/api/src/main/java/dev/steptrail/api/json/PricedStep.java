package dev.steptrail.api.json;

import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.usage.Cost;
import org.jspecify.annotations.Nullable;

/**
 * A step with the cost of its tokens.
 *
 * @param cost null if the tokens of the step are unknown
 */
public record PricedStep(StoredStep step, @Nullable Cost cost) {}
