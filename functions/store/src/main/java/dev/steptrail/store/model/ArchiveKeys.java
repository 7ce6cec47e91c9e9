package dev.steptrail.store.model;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.TaskId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** S3 keys of archives: {@code archive/<owner>/<task_id>.jsonl.gz}, then {@code <task_id>.2.jsonl.gz} and so on. */
public final class ArchiveKeys {
    public static final String FOLDER = "archive/";

    /** The folder of exports of no owner, for readers of share links. The folder of no owner starts like this. */
    public static final String LINKS_FOLDER = "%links";

    private static final Pattern KEY =
            Pattern.compile(FOLDER + "[\\w%-]+/(?<task>[0-9a-f-]{36})(\\.[1-9][0-9]*)?\\.jsonl\\.gz");

    /** The maximum length of an owner's folder. Keys must be shorter than the S3 limit of 1024 bytes. */
    private static final int MAX_FOLDER_LENGTH = 800;

    private ArchiveKeys() {}

    /** Returns the key of a part; parts are numbered from 1. */
    public static String of(String owner, UUID taskId, int part) {
        return prefix(owner, taskId) + (part == 1 ? "" : "." + part) + ".jsonl.gz";
    }

    /** Returns the common prefix of the keys of all parts of a task. No key of another task starts with it. */
    public static String prefix(String owner, UUID taskId) {
        return FOLDER + folder(owner) + "/" + taskId;
    }

    /** Parses the task id in a key; empty if it is not the key of an archive. */
    public static Optional<UUID> taskOf(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches() ? TaskId.parse(matcher.group("task")) : Optional.empty();
    }

    /** Returns the percent-encoded folder of an owner. If it exceeds 800 characters, a hash replaces the rest. */
    public static String folder(String owner) {
        String folder = URLEncoder.encode(owner, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace(".", "%2E")
                .replace("*", "%2A");
        return folder.length() <= MAX_FOLDER_LENGTH
                ? folder
                : folder.substring(0, MAX_FOLDER_LENGTH) + "%" + Sha256.hex(owner.getBytes(StandardCharsets.UTF_8));
    }
}
