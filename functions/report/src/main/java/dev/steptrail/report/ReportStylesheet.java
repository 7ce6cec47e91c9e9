package dev.steptrail.report;

import dev.steptrail.stepformat.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The style sheet of reports, and a content security policy that allows only this style. */
final class ReportStylesheet {
    static final String CSS = read();

    private ReportStylesheet() {}

    /** @param imageSources the allowed sources of images */
    static String contentSecurityPolicy(String imageSources) {
        String hash = Base64.getEncoder().encodeToString(Sha256.of(CSS.getBytes(StandardCharsets.UTF_8)));
        return "default-src 'none'; img-src " + imageSources + "; style-src 'sha256-" + hash
                + "'; base-uri 'none'; form-action 'none'";
    }

    private static String read() {
        try (InputStream css = ReportStylesheet.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css is missing in the jar");
            }
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
