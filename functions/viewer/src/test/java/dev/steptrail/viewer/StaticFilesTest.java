package dev.steptrail.viewer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class StaticFilesTest {
    private static final Pattern SINKS = Pattern.compile(
            "(?:innerHTML|outerHTML)\\s*=(?!=)|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|unsafeHTML");

    private final StaticFiles files = StaticFiles.load();

    private List<String> names() {
        return Pattern.compile("\"/static/bundle/([^\"]+)\"")
                .matcher(files.document())
                .results()
                .map(name -> name.group(1))
                .toList();
    }

    private String text(String name) throws IOException {
        byte[] gzip = files.file(name).orElseThrow().gzip();
        return new String(new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void document_namesExistingFiles() throws IOException {
        assertThat(names()).hasSize(3).allMatch(name -> name.matches("[a-z]+-[0-9A-Z]{8}\\.(css|js|svg)"));
        for (String name : names()) {
            assertThat(text(name)).as(name).isNotEmpty();
        }
    }

    @Test
    void otherNames_areNoFiles() {
        for (String name :
                List.of("licenses/lit/LICENSE", "app.html", "../app.html", "app.js", "app-00000000.js", "")) {
            assertThat(files.file(name)).as(name).isEmpty();
        }
    }

    /** Texts of agents are always shown as text. Only lit turns templates into markup. */
    @Test
    void script_turnsNoTextIntoMarkupOrCode() throws IOException {
        String script = text(names().stream()
                .filter(name -> name.endsWith(".js"))
                .findFirst()
                .orElseThrow());

        List<String> sinks =
                SINKS.matcher(script).results().map(MatchResult::group).toList();
        assertThat(sinks)
                .as("lit's templates, and Web Awesome's icons from URLs, which the viewer does not use")
                .containsExactlyInAnyOrder("innerHTML=", "innerHTML=");
    }

    @Test
    void fileWithUnknownExtension_isRejected() {
        assertThatThrownBy(() -> StaticFile.of("picture.bmp", new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'picture.bmp'");
    }
}
