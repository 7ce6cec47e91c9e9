package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.tracker.outbox.BrokenImageException;
import dev.steptrail.tracker.picture.Picture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A picture as a line gives it: an object with {@code path} (a PNG or JPEG on this machine, which is copied) or {@code
 * base64} (one of either, with or without {@code data:}), and {@code role} ({@code before} if absent) and {@code sensitive}.
 */
record LinePicture(JsonNode json) {
    /** The fields that are told by what is made of them. */
    static final Set<String> OWN_FIELDS = Set.of("path", "base64", "role", "sensitive", "file", "width", "height");

    /** A phone's screen has one or two; a shipper takes no larger one. */
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    /** Its role; {@code other} where it has one that is none. */
    FrameRole role(Consumer<String> told) {
        JsonNode role = json.path("role");
        if (role.isMissingNode() || role.isNull()) {
            return FrameRole.BEFORE;
        }
        try {
            return FrameRole.valueOf(role.asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            told.accept("a frame's role must be one of before, after, other: it is taken for other");
            return FrameRole.OTHER;
        }
    }

    /** Whether only its owner may see it: so it is where that cannot be read. */
    boolean sensitive(Consumer<String> told) {
        JsonNode sensitive = json.path("sensitive");
        if (sensitive.isMissingNode() || sensitive.isNull() || sensitive.isBoolean()) {
            return sensitive.asBoolean(false);
        }
        told.accept("a frame's sensitive must be true or false: it is taken for true");
        return true;
    }

    byte[] png() throws BrokenImageException {
        byte[] png;
        if (json.hasNonNull("base64")) {
            png = Picture.ofBase64(json.get("base64").asText()).png();
        } else if (json.hasNonNull("path")) {
            png = Picture.of(file(json.get("path").asText())).png();
        } else {
            throw new BrokenImageException("a frame needs path or base64");
        }
        if (png.length > MAX_BYTES) {
            throw new BrokenImageException("the picture has more than " + MAX_BYTES + " bytes");
        }
        return png;
    }

    private static byte[] file(String path) throws BrokenImageException {
        try {
            Path file = Path.of(path);
            if (!Files.isRegularFile(file)) {
                throw new BrokenImageException(path + " is no file");
            }
            // Not by its size: what the system makes up while it is read tells none.
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new BrokenImageException(path + " has more than " + MAX_BYTES + " bytes");
                }
                return bytes;
            }
        } catch (BrokenImageException e) {
            throw e;
        } catch (IOException | InvalidPathException e) {
            throw new BrokenImageException(path + " cannot be read");
        }
    }
}
