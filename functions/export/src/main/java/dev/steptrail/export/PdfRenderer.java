package dev.steptrail.export;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;

/** Renders XHTML as PDF with an embedded font. Loads no external resources. */
final class PdfRenderer {
    private static final String FONT = "/fonts/ttf/NotoSansSC/NotoSansSC-Regular.ttf";

    static {
        XRLog.setLoggingEnabled(false); // the library's log would contain text of the page
        if (System.getProperty("pdfbox.fontcache") == null) { // the default, the home folder, is read-only in Lambda
            System.setProperty("pdfbox.fontcache", System.getProperty("java.io.tmpdir"));
        }
    }

    private PdfRenderer() {}

    static void render(String html, OutputStream out) throws IOException {
        try (PDDocument pdf = Loader.loadPDF(renderToBytes(html))) {
            try (InputStream font = font()) {
                new ToUnicodeCorrector(font, html).correct(pdf);
            }
            pdf.save(out);
        }
    }

    private static byte[] renderToBytes(String html) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PdfRendererBuilder builder = new PdfRendererBuilder();
        builder.useFastMode();
        builder.useFont(PdfRenderer::font, "Noto Sans SC");
        builder.withHtmlContent(html, "");
        builder.toStream(bytes);
        builder.run();
        return bytes.toByteArray();
    }

    private static InputStream font() {
        return Objects.requireNonNull(PdfRenderer.class.getResourceAsStream(FONT), FONT);
    }
}
