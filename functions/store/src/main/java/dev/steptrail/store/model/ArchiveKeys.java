package dev.steptrail.store.model;

import dev.steptrail.stepformat.Sha256;
import dev.steptrail.stepformat.TaskId;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in the bucket archives lie: {@code archive/<owner>/<task_id>.jsonl.gz}, further parts {@code <task_id>.2.jsonl.gz} and
 * so on. An owner is whatever an issuer of tokens calls them; here it is one name of a folder, which leads nowhere else.
 */
public final class ArchiveKeys {
    /** The folder of all of them. */
    public static final String FOLDER = "archive/";

    private static final Pattern KEY =
            Pattern.compile(FOLDER + "[\\w%-]+/(?<task>[0-9a-f-]{36})(\\.[1-9][0-9]*)?\\.jsonl\\.gz");

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    /** A key has at most 1024 bytes. */
    private static final int MAX_OWNER = 800;

    private ArchiveKeys() {}

    /** The key of a part, from 1. */
    public static String of(String owner, UUID taskId, int part) {
        return prefix(owner, taskId) + (part == 1 ? "" : "." + part) + ".jsonl.gz";
    }

    /** What the keys of all parts begin with, and no key of another task does. */
    public static String prefix(String owner, UUID taskId) {
        return FOLDER + folder(owner) + "/" + taskId;
    }

    /** Of which task a part would lie there; empty if the key is none of those above. */
    public static Optional<UUID> taskOf(String key) {
        Matcher matcher = KEY.matcher(key);
        return matcher.matches() ? TaskId.parse(matcher.group("task")) : Optional.empty();
    }

    /**
     * An owner's name of a folder: percent-encoded, all but letters, digits, {@code -} and {@code _}; what gets too long keeps its
     * first part and a hash.
     */
    public static String folder(String owner) {
        StringBuilder folder = new StringBuilder();
        byte[] utf8 = owner.getBytes(StandardCharsets.UTF_8);
        for (byte octet : utf8) {
            char c = (char) (octet & 0xFF);
            if (PLAIN.indexOf(c) >= 0) {
                folder.append(c);
            } else {
                folder.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return folder.length() <= MAX_OWNER
                ? folder.toString()
                : folder.substring(0, MAX_OWNER) + "%" + Sha256.hex(utf8);
    }
}
