package dev.steptrail.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;

class PdfRendererTest {
    @Test
    void charactersThatShareAGlyph_areExtractedAsWritten() throws IOException {
        assertThat(text("飞往昆明，用户说：金木水火土 马龙龟 —— 1/2")).isEqualTo("飞往昆明，用户说：金木水火土 马龙龟 —— 1/2");
    }

    @Test
    void characterMissingInTheFont_isReplaced() throws IOException {
        assertThat(text("拍📷照")).isEqualTo("拍#照");
    }

    @Test
    void externalResources_areNotLoaded() throws IOException {
        assertThat(text("<img src=\"http://127.0.0.1:1/a.png\"/>text")).isEqualTo("text");
        assertThat(text("<img src=\"data:image/jpeg;base64,QUJD\"/>text")).isEqualTo("text");
    }

    @Test
    void rendering_logsNoFontWarnings() throws IOException {
        PrintStream standardError = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            assertThat(text("飞往昆明 <b>bold</b> <code>code</code>")).contains("飞往昆明");
        } finally {
            System.setErr(standardError);
        }

        assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static String text(String body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PdfRenderer.render(
                "<html><head><style>body{font-family:'Noto Sans SC'}</style></head><body>" + body + "</body></html>",
                out);
        try (PDDocument pdf = Loader.loadPDF(out.toByteArray())) {
            return new PDFTextStripper().getText(pdf).strip();
        }
    }
}
