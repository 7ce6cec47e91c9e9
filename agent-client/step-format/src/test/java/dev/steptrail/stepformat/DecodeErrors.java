package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;

/** Decodes steps and returns the error messages of invalid ones. */
final class DecodeErrors {
    static final String HEAD = "\"v\":1,\"task_id\":\"0190163d-8694-739b-aea5-966c26f8ad91\","
            + "\"timestamp\":\"2025-12-14T21:41:58.018Z\",";

    static final String STEP = "{" + HEAD + "\"record\":\"step\",\"step_number\":1,\"step_type\":\"action\"}";
    static final String DIGITS_RULE = "the record must not have a number of more than 400 digits in decimal notation";

    private DecodeErrors() {}

    static String with(String fields) {
        return STEP.substring(0, STEP.length() - 1) + "," + fields + "}";
    }

    static StepRecord decode(String json) throws InvalidRecordException {
        return RecordCodec.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    static String decodeError(String json) {
        return decodeError(json.getBytes(StandardCharsets.UTF_8));
    }

    static String decodeError(byte[] json) {
        InvalidRecordException error =
                catchThrowableOfType(InvalidRecordException.class, () -> RecordCodec.decode(json));
        assertThat(error).as("rejected").isNotNull();
        assertThat(error.reason()).isEqualTo(error.getMessage());
        assertThat(error).hasNoCause();
        return error.reason();
    }
}
