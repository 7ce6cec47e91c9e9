package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The OpenAPI description and its page are public. */
class DocsIT {
    private final Api anonymous = new Api(CloudProcess.shared().api().address(), null);

    @Test
    void description_equalsTheFile() throws Exception {
        Api.Answer answer = anonymous.get("/openapi.yaml");

        assertThat(answer.header("content-type")).isEqualTo("application/yaml");
        assertThat(answer.text()).isEqualTo(Files.readString(Program.ROOT.resolve("infra/openapi.yaml")));
    }

    @Test
    void page_loadsOnlyFilesOfThisOrigin_andAllOfThemExist() throws Exception {
        Api.Answer page = anonymous.get("/docs");

        assertThat(page.header("content-type")).startsWith("text/html");
        assertThat(page.header("content-security-policy")).contains("default-src 'self'");
        var loaded = Pattern.compile("(?:src|href)=\"(?!data:)([^\"]*)\"")
                .matcher(page.text())
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(loaded).hasSize(3);
        for (String path : loaded) {
            assertThat(path).startsWith("/docs/");
            assertThat(anonymous.get(path).status()).as(path).isEqualTo(200);
        }
    }
}
