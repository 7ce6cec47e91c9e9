package dev.steptrail.export;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** As it is: browsers show WebP, PNG and JPEG. */
final class StoredForm implements PictureForm {
    @Override
    public Optional<String> of(byte[] stored) {
        String head = new String(stored, 0, Math.min(stored.length, 12), StandardCharsets.ISO_8859_1);
        if (head.startsWith("RIFF") && head.endsWith("WEBP")) {
            return Optional.of(PictureForm.dataUri("image/webp", stored));
        }
        if (head.startsWith("\u0089PNG")) {
            return Optional.of(PictureForm.dataUri("image/png", stored));
        }
        return head.startsWith("\u00FF\u00D8\u00FF")
                ? Optional.of(PictureForm.dataUri("image/jpeg", stored))
                : Optional.empty();
    }
}
