package dev.steptrail.export;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/** Renders a page of HTML that is XML too as PDF, with the font that its text needs. It asks for nothing that is not in the page. */
final class PdfPage {
    private static final String FONT = "/fonts/ttf/NotoSansSC/NotoSansSC-Regular.ttf";

    static {
        XRLog.setLoggingEnabled(false); // it would quote the page
        if (System.getProperty("pdfbox.fontcache") == null) {
            System.setProperty("pdfbox.fontcache", System.getProperty("java.io.tmpdir"));
        }
    }

    private PdfPage() {}

    static void write(String html, OutputStream out) throws IOException {
        PdfRendererBuilder builder = new PdfRendererBuilder();
        builder.useFastMode();
        builder.useFont(PdfPage::font, "Noto Sans SC");
        builder.withHtmlContent(html, "");
        builder.toStream(out);
        builder.run();
    }

    private static InputStream font() {
        return Objects.requireNonNull(PdfPage.class.getResourceAsStream(FONT), FONT);
    }
}
