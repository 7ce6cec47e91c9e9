package dev.steptrail.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class StaticFilesTest {
    private static final Path SOURCES = Path.of("src/main/web");
    private static final Pattern IMPORT =
            Pattern.compile("(?:\\bfrom\\s*|\\bimport\\s*\\(?\\s*)['\"]([^'\"]+\\.js)['\"]");

    private final StaticFiles files = StaticFiles.load();

    @Test
    void everySource_isAFile_andThePageAlone_isNone() throws IOException {
        for (String name : sources()) {
            if (name.equals("index.html")) {
                assertThat(files.file(name)).isEmpty();
                assertThat(files.document(name)).isEqualTo(Files.readString(SOURCES.resolve(name)));
            } else {
                assertThat(files.file(name).orElseThrow().bytes())
                        .as(name)
                        .isEqualTo(Files.readAllBytes(SOURCES.resolve(name)));
            }
        }
    }

    @Test
    void hash_isTheSameForTheSameFiles() {
        assertThat(files.hash())
                .matches("[0-9a-f]{20}")
                .isEqualTo(StaticFiles.load().hash());
    }

    @Test
    void documentOfTheBundle_namesItsCompressedFiles() throws IOException {
        List<String> names = Pattern.compile("\"/static/bundle/([^\"]+)\"")
                .matcher(files.document("bundle/app.html"))
                .results()
                .map(name -> name.group(1))
                .toList();

        assertThat(names).hasSize(2).anyMatch(name -> name.endsWith(".css")).anyMatch(name -> name.endsWith(".js"));
        for (String name : names) {
            StaticFile file = files.bundleFile(name).orElseThrow();
            assertThat(file.isGzip()).as(name).isTrue();
            assertThat(decompress(file.bytes())).as(name).isNotEmpty();
        }
    }

    @Test
    void bundleFile_withoutHashInItsName_isNotFound() {
        assertThat(files.file("bundle/licenses/lit/LICENSE")).isPresent();
        for (String name : List.of("licenses/lit/LICENSE", "app.html", "../app.js", "")) {
            assertThat(files.bundleFile(name)).as(name).isEmpty();
        }
    }

    @Test
    void unknownDocument_isRejected() {
        assertThatThrownBy(() -> files.document("app.js"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("does not contain app.js");
    }

    @Test
    void everyImport_leadsToAFile() throws IOException {
        int imports = 0;
        for (String name :
                sources().stream().filter(name -> name.endsWith(".js")).toList()) {
            Matcher found = IMPORT.matcher(text(name));
            while (found.find()) {
                imports++;
                String target = Path.of("/" + name)
                        .resolveSibling(found.group(1))
                        .normalize()
                        .toString()
                        .substring(1);
                assertThat(files.file(target)).as(name + " imports " + target).isPresent();
            }
        }
        assertThat(imports).isPositive();
    }

    /** What the agent says is shown as it said it: nothing that makes markup of text is at hand. */
    @Test
    void nothingThatMakesMarkupOfText_isAmongThem() throws IOException {
        assertThat(files.file("vendor/lit-html/directives/repeat.js")).isPresent();
        assertThat(files.file("vendor/lit-html/directives/unsafe-html.js")).isEmpty();
        for (String name : sources()) {
            assertThat(Files.readString(SOURCES.resolve(name)))
                    .as(name)
                    .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
        }
    }

    @Test
    void everyText_isUsed_andNamedOnce() throws IOException {
        String scripts = sources().stream()
                .filter(name -> name.endsWith(".js") && !name.startsWith("texts/"))
                .map(this::text)
                .collect(Collectors.joining());
        List<String> keys = Pattern.compile("(?m)^  (\\w+):")
                .matcher(text("texts/en.js"))
                .results()
                .map(key -> key.group(1))
                .toList();

        assertThat(keys).hasSizeGreaterThan(100).doesNotHaveDuplicates(); // of which the last would stand for all
        assertThat(keys).allMatch(key -> Pattern.compile("\\bt\\." + key + "\\b")
                .matcher(scripts)
                .find());
    }

    @Test
    void libraries_comeWithTheirLicences() {
        assertThat(text("vendor/lit-html/LICENSE")).contains("Google LLC");
        assertThat(text("vendor/uplot/LICENSE")).contains("Leon Sorokin");
        assertThat(text("bundle/licenses/lit/LICENSE")).contains("Google LLC");
        assertThat(files.file("vendor/lit-html/LICENSE").orElseThrow().contentType())
                .isEqualTo("text/plain; charset=utf-8");
    }

    private String text(String name) {
        StaticFile file = files.file(name).orElseThrow();
        return new String(file.bytes(), StandardCharsets.UTF_8);
    }

    private static byte[] decompress(byte[] bytes) throws IOException {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return stream.readAllBytes();
        }
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> walk = Files.walk(SOURCES)) {
            return walk.filter(Files::isRegularFile)
                    .map(path -> SOURCES.relativize(path).toString())
                    .toList();
        }
    }
}
