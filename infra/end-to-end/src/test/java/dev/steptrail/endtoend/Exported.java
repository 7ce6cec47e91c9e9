package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jsoup.Jsoup;

/** Downloads a task in each export format and reads it with third-party libraries. */
final class Exported {
    private final Api api;
    private final String task;
    private final Map<String, byte[]> zip;

    Exported(Api api, String task) throws Exception {
        this.api = api;
        this.task = task;
        this.zip = unzipped(get("/export"));
    }

    List<String> recordsOfZip() {
        return text("records.jsonl").lines().toList();
    }

    /** Returns the number of screenshots on the zip's page. Asserts that the zip contains each image once. */
    int picturesOfZip() {
        List<String> shown = Jsoup.parse(text("report.html")).select("img").eachAttr("src");
        assertThat(zip.keySet())
                .containsAll(shown)
                .hasSize(2 + Set.copyOf(shown).size());
        return shown.size();
    }

    String pageOfZip() {
        return bare(Jsoup.parse(text("report.html")).wholeText());
    }

    String html() throws Exception {
        return text("html", get("/report?format=html"));
    }

    String pdf() throws Exception {
        return text("pdf", get("/report?format=pdf&lang=zh"));
    }

    /** Returns the normalized text of a file in this format. */
    static String text(String format, byte[] file) throws IOException {
        if (format.equals("pdf")) {
            try (PDDocument pdf = Loader.loadPDF(file)) {
                return bare(new PDFTextStripper().getText(pdf));
            }
        }
        String text = new String(file, StandardCharsets.UTF_8);
        return bare(format.equals("html") ? Jsoup.parse(text).wholeText() : text);
    }

    List<String> csv(String column) throws Exception {
        String text = api.get("/api/tasks/" + task + "/report?format=csv").text();
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (CSVParser parser = CSVParser.parse(text.substring(1), format)) { // skips the byte order mark
            return parser.stream().map(row -> row.get(column)).toList();
        }
    }

    /** Removes the apostrophes that the CSV export puts before lines that start like a formula, such as list items. */
    static String withoutApostrophesOfParts(String cell) {
        return cell.replaceAll("(?<=[;\\t\\r\\n])'", "");
    }

    /** Removes white space and page numbers, and normalizes characters to NFKC, since PDF fonts use variant forms. */
    static String bare(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replaceAll("\\s+", "")
                .replaceAll("[0-9]+/[0-9]+", "");
    }

    private byte[] get(String path) throws Exception {
        String[] location = {""};
        Waiting.until(path + " is made", () -> {
            Api.Answer answer = api.get("/api/tasks/" + task + path);
            assertThat(answer.status()).as(answer.text()).isIn(202, 302);
            location[0] = answer.header("location");
            return answer.status() == 302;
        });
        Api.Answer opened = Api.open(location[0]);
        assertThat(opened.status()).isEqualTo(200);
        assertThat(opened.header("content-disposition")).contains("filename=\"" + task + ".");
        return opened.body();
    }

    private String text(String file) {
        return new String(zip.get(file), StandardCharsets.UTF_8);
    }

    static Map<String, byte[]> unzipped(byte[] bytes) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                files.put(entry.getName(), in.readAllBytes());
            }
        }
        return files;
    }
}
