package dev.steptrail.export;

import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** In which form a page holds pictures. */
interface PictureForm {
    /**
     * The data URI that stands in a page for a picture as it was stored.
     *
     * @return nothing, if it is no picture that can be shown
     */
    Optional<String> of(byte[] stored) throws IOException;

    /** A data URI of these bytes. */
    static String dataUri(String type, byte[] bytes) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }
}
