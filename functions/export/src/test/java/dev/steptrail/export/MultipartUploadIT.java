package dev.steptrail.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.Settings;
import dev.steptrail.aws.TestBucket;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class MultipartUploadIT {
    private static final int PART = 8 * 1024 * 1024;

    private final ExportBucket bucket =
            new ExportBucket(new Settings(TestBucket.empty().settings()));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, PART, PART + 1, 2 * PART, 2 * PART + 7})
    void complete_createsTheObject(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);

        try (MultipartUpload upload = upload()) {
            upload.write(bytes, 0, size / 3);
            upload.write(bytes, size / 3, size - size / 3);
            assertThat(bucket.exists("exports/a")).isFalse();
            upload.complete();
        }

        assertThat(bucket.read("exports/a", 3 * PART)).contains(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, PART + 1})
    void close_beforeComplete_createsNoObject(int size) {
        try (MultipartUpload upload = upload()) {
            upload.write(new byte[size], 0, size);
        }

        assertThat(bucket.exists("exports/a")).isFalse();
    }

    @Test
    void read_ofALargerObject_isEmpty() throws IOException {
        try (MultipartUpload upload = upload()) {
            upload.write(new byte[] {1, 2, 3}, 0, 3);
            upload.complete();
        }

        assertThat(bucket.read("exports/a", 2)).isEmpty();
        assertThat(bucket.read("exports/a", 3)).contains(new byte[] {1, 2, 3});
        assertThat(bucket.read("exports/b", 3)).isEmpty();
    }

    private MultipartUpload upload() {
        return bucket.openUpload("exports/a", "application/zip", "attachment");
    }
}
