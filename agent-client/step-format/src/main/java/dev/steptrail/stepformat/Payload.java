package dev.steptrail.stepformat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An object in the bucket that contains one record that is too large for a message.
 *
 * @param path the S3 key, {@code payloads/<sender>/<task_id>/<file>}, at most 1024 bytes
 * @param fileHash SHA-256 of the object, lower-case hex
 * @param fileSize size of the object in bytes, 1 to {@link PayloadCodec#MAX_BYTES}
 */
public record Payload(String path, String fileHash, int fileSize) {
    /** The first segment of each path. */
    public static final String FOLDER = "payloads";

    static final String PATH_RULE = "must be payloads/<sender>/<task_id>/<file>, at most 1024 bytes";

    static final String HASH_RULE = "must be a SHA-256 in lower-case hex";

    private static final Set<String> INVALID_SEGMENTS = Set.of("", ".", "..");

    /** The limit of S3 for a key in UTF-8; see "Naming Amazon S3 objects" in the S3 user guide. */
    private static final int MAX_PATH_BYTES = 1024;

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public Payload {
        if (!isPath(FOLDER, path)) {
            throw new IllegalArgumentException("path: " + PATH_RULE);
        }
        if (!isHash(fileHash)) {
            throw new IllegalArgumentException("file_hash: " + HASH_RULE);
        }
        Fields.requireRange("file_size", fileSize, 1, PayloadCodec.MAX_BYTES);
    }

    /** Returns whether a key is {@code <folder>/<sender>/<task_id>/<file>}. */
    static boolean isPath(String folder, String path) {
        String[] parts = path.split("/", -1);
        return parts.length == 4
                && parts[0].equals(folder)
                && Arrays.stream(parts).noneMatch(INVALID_SEGMENTS::contains)
                && path.getBytes(StandardCharsets.UTF_8).length <= MAX_PATH_BYTES;
    }

    static boolean isHash(String hash) {
        return SHA_256.matcher(hash).matches();
    }
}
