package dev.steptrail.cli.phone.suite;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.stepformat.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instructions to execute, each several times.
 *
 * @param experiment the name of the experiment; null if the file does not contain one
 * @param devices on which phones each repeat of a case runs
 * @param beforeEach prepares the phone for each task
 * @param attributes what the experiment varies, such as {@code app_version}
 */
record Suite(
        @Nullable String experiment,
        DeviceChoice devices,
        Preparation beforeEach,
        Map<String, Object> attributes,
        List<Case> cases) {
    private static final int DIGEST_LENGTH = 12;

    enum DeviceChoice {
        /** On the first phone that is free. */
        ANY,
        /** On each phone. */
        EACH
    }

    /**
     * A case.
     *
     * @param repeats the number of repeats, 1 or more
     * @param evaluator judges the tasks; null if the agent's claim counts
     */
    record Case(
            String id,
            String instruction,
            int repeats,
            Limits limits,
            @Nullable CaseEvaluator evaluator) {
        /** Returns a text that changes if the instruction, the limits or the evaluator change. */
        String digest() {
            ArrayNode definition =
                    JsonNodeFactory.instance.arrayNode().add(instruction).add(limits.toString());
            if (evaluator != null) {
                definition.add(evaluator.name()).add(evaluator.version());
            }
            return Sha256.hex(definition.toString().getBytes(StandardCharsets.UTF_8))
                    .substring(0, DIGEST_LENGTH);
        }
    }

    Suite {
        attributes = Map.copyOf(attributes);
        cases = List.copyOf(cases);
    }
}
