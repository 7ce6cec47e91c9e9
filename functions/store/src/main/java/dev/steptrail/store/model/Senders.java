package dev.steptrail.store.model;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Looks up the registered agents of a batch: its senders, and the uploaders of the referenced objects. */
public final class Senders {
    private static final Set<String> NO_FILE = Set.of("", ".", "..");

    /** See "Naming Amazon S3 objects" in the S3 user guide. */
    private static final int MAX_KEY_BYTES = 1024;

    private final Map<String, Agent> byId = new HashMap<>();

    public Senders(List<Agent> agents) {
        agents.forEach(agent -> byId.put(agent.senderId(), agent));
    }

    /** Returns the part before the colon, which all sessions of a role share; the complete id if it has no colon. */
    public static String prefix(String senderId) {
        int colon = senderId.indexOf(':');
        return colon < 0 ? senderId : senderId.substring(0, colon);
    }

    /** Returns the agent that is registered with the complete id, or else with its prefix; null if there is none. */
    @Nullable
    public Agent of(String senderId) {
        Agent exact = byId.get(senderId);
        return exact != null ? exact : byId.get(prefix(senderId));
    }

    /** Returns the sender in the key of a task's object; null if the key has another form. */
    public static @Nullable String ofKey(@Nullable String key) {
        if (key == null || isTooLong(key) || hasControls(key, 0)) {
            return null;
        }
        int sender = key.indexOf('/') + 1;
        int task = sender == 0 ? 0 : key.indexOf('/', sender) + 1;
        int file = task == 0 ? 0 : key.indexOf('/', task) + 1;
        return file > 0 && key.indexOf('/', file) < 0 && isFile(key, file) ? key.substring(sender, task - 1) : null;
    }

    /** Returns whether the key is a valid key of an object in this folder, which must be the folder of a task. */
    public static boolean isIn(String folder, String key) {
        int file = folder.length();
        return key.startsWith(folder)
                && key.indexOf('/', file) < 0
                && isFile(key, file)
                && !hasControls(key, file)
                && !isTooLong(key);
    }

    private static boolean isFile(String key, int from) {
        return key.length() - from > 2 || !NO_FILE.contains(key.substring(from));
    }

    /** XML listings of S3 cannot contain control characters, and JSON escapes each as six bytes. */
    private static boolean hasControls(String key, int from) {
        for (int i = from; i < key.length(); i++) {
            if (key.charAt(i) < ' ') {
                return true;
            }
        }
        return false;
    }

    private static boolean isTooLong(String key) {
        return key.length() > MAX_KEY_BYTES / 3 && key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES;
    }

    /** Returns whether the key is in the folder of this task and of a sender that belongs to this owner. */
    public boolean isKeyOf(String folder, String owner, UUID taskId, String key) {
        String sender = ofKey(key);
        Agent uploader = sender == null ? null : of(sender);
        return uploader != null
                && uploader.owner().equals(owner)
                && key.startsWith(folder + "/" + sender + "/" + taskId + "/");
    }
}
