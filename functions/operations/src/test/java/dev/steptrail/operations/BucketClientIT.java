package dev.steptrail.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.aws.TestBucket;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

@Tag("slow")
class BucketClientIT {
    private final TestBucket bucket = TestBucket.empty();
    private final BucketClient objects = new BucketClient(new Settings(bucket.settings()));

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        objects.close();
    }

    @Test
    void put_storesAFile_andReplacesIt() throws Exception {
        Path file = folder.resolve("file");
        String key = "archive/a@b:c/\u4e2d 1.jsonl.gz";

        Files.writeString(file, "first");
        objects.put(key, file, "application/gzip");
        Files.writeString(file, "second");
        objects.put(key, file, "application/gzip");

        try (InputStream bytes = objects.open(key).orElseThrow()) {
            assertThat(new String(bytes.readAllBytes(), UTF_8)).isEqualTo("second");
        }
        assertThat(objects.open("archive/other")).isEmpty();
    }

    @Test
    void list_startsAfterAKey_readsSeveralPages_andStaysUnderItsPrefix() {
        List<String> keys = IntStream.range(0, 1_100)
                .mapToObj("screenshots/s/%04d"::formatted)
                .toList();
        keys.parallelStream().forEach(key -> bucket.put(key, new byte[1]));
        bucket.put("screenshots2", new byte[1]);
        bucket.put("attachments/s/1", new byte[1]);

        assertThat(keys("screenshots/", null)).isEqualTo(keys);
        assertThat(keys("screenshots/", "screenshots/s/0004")).isEqualTo(keys.subList(5, keys.size()));
        assertThat(keys("nothing/", null)).isEmpty();

        assertThat(delete(keys.stream())).isEqualTo(keys.size());
        assertThat(keys("", null)).containsExactly("attachments/s/1", "screenshots2");
    }

    @Test
    void delete_missingObject_succeeds() {
        bucket.put("there", new byte[1]);

        assertThat(delete(Stream.of("there", "gone"))).isEqualTo(2);
        assertThat(delete(Stream.of())).isZero();
        assertThat(keys("", null)).isEmpty();
    }

    @Test
    void delete_keysThatXmlCannotContain_succeeds() {
        List<String> keys = List.of("a/1", "a/\u0001", "a/<&>\r\n", "a/b c+d%20", "a/\uFFFE", "a/\uD83D\uDCF7");
        keys.parallelStream().forEach(key -> bucket.put(key, new byte[1]));

        assertThat(delete(objects.list("a/", null).map(S3Object::key))).isEqualTo(keys.size());

        assertThat(keys("", null)).isEmpty();
    }

    @Test
    void wrongCredentials_throwTheSdksException() {
        Map<String, String> wrong = bucket.settings("AWS_SECRET_ACCESS_KEY", "wrong");
        try (BucketClient refused = new BucketClient(new Settings(wrong))) {
            assertThatThrownBy(() -> refused.open("key"))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
        }
    }

    private long delete(Stream<String> keys) {
        return objects.delete(keys, (key, code) -> {
            throw new AssertionError(key + ": " + code);
        });
    }

    private List<String> keys(String prefix, String after) {
        return objects.list(prefix, after).map(S3Object::key).toList();
    }
}
