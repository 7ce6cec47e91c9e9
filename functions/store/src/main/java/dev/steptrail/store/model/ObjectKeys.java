package dev.steptrail.store.model;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the S3 keys of screenshots and attachments: {@code <folder>/<sender>/<task_id>/<file>}. */
public final class ObjectKeys {
    private static final Set<String> RESERVED_FILE_NAMES = Set.of("", ".", "..");

    /** The S3 limit; see "Naming Amazon S3 objects" in the S3 user guide. */
    private static final int MAX_KEY_BYTES = 1024;

    private ObjectKeys() {}

    /** Returns the sender's id in a key; null if the key has another format. */
    public static @Nullable String senderId(@Nullable String key) {
        if (key == null || isTooLong(key) || hasControlCharacters(key)) {
            return null;
        }
        int senderStart = key.indexOf('/') + 1;
        int taskStart = senderStart == 0 ? 0 : key.indexOf('/', senderStart) + 1;
        int fileStart = taskStart == 0 ? 0 : key.indexOf('/', taskStart) + 1;
        return fileStart > 0 && key.indexOf('/', fileStart) < 0 && isFile(key, fileStart)
                ? key.substring(senderStart, taskStart - 1)
                : null;
    }

    private static boolean isFile(String key, int from) {
        return key.length() - from > 2 || !RESERVED_FILE_NAMES.contains(key.substring(from));
    }

    /** Control characters are invalid: XML listings of S3 cannot contain them, and JSON escapes each as six bytes. */
    private static boolean hasControlCharacters(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) < ' ') {
                return true;
            }
        }
        return false;
    }

    private static boolean isTooLong(String key) {
        return key.length() > MAX_KEY_BYTES / 3 && key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES;
    }
}
