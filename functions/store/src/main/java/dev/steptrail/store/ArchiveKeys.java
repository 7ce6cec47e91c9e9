package dev.steptrail.store;

import dev.steptrail.stepformat.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Where in the bucket archives lie: {@code archive/<owner>/<task_id>.jsonl.gz}, further parts {@code <task_id>.2.jsonl.gz} and
 * so on. An owner is whatever an issuer of tokens calls them; here it is one name of a folder, which leads nowhere else.
 */
public final class ArchiveKeys {
    private static final String FOLDER = "archive/";

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

    /** Percent-encoded, all but letters, digits, {@code -} and {@code _}; what gets too long keeps its first part and a hash. */
    static String folder(String owner) {
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
