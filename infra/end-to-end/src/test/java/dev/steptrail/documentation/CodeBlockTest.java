package dev.steptrail.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xml.sax.InputSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Code blocks of the README and the pages in {@code docs} compile or parse as they are. {@link DocumentationIT} runs
 * commands.
 */
class CodeBlockTest {
    @ParameterizedTest
    @MethodSource
    void java_compilesWithItsImports(CodeBlock block, @TempDir Path classes) {
        assertThat(block.compileJava(classes, System.getProperty("java.class.path")))
                .isEmpty();
    }

    static Stream<CodeBlock> java_compilesWithItsImports() throws IOException {
        return blocks("java");
    }

    @ParameterizedTest
    @MethodSource
    void python_compiles(CodeBlock block) throws Exception {
        assumeTrue(CodeBlock.hasPython(), "skipped: needs python3, 3.10 or later");
        Process python = new ProcessBuilder("python3", "-c", "import ast, sys; ast.parse(sys.stdin.buffer.read())")
                .redirectErrorStream(true)
                .start();
        python.getOutputStream().write(block.code().getBytes(StandardCharsets.UTF_8));
        python.getOutputStream().close();
        String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(python.waitFor()).as(output).isZero();
    }

    static Stream<CodeBlock> python_compiles() throws IOException {
        return blocks("python");
    }

    @ParameterizedTest
    @MethodSource
    void data_isWellFormed(CodeBlock block) {
        assertThatCode(() -> parse(block)).doesNotThrowAnyException();
    }

    static Stream<CodeBlock> data_isWellFormed() throws IOException {
        return Pages.blocks().filter(block -> Set.of("json", "yaml", "xml").contains(block.language()));
    }

    private static void parse(CodeBlock block) throws Exception {
        switch (block.language()) {
            case "json" -> {
                try (MappingIterator<JsonNode> values =
                        new ObjectMapper().readerFor(JsonNode.class).readValues(block.code())) {
                    assertThat(values.readAll()).isNotEmpty();
                }
            }
            case "yaml" ->
                new Yaml(new SafeConstructor(new LoaderOptions()))
                        .loadAll(block.code())
                        .forEach(document -> assertThat(document).isNotNull());
            default ->
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(block.code())));
        }
    }

    private static Stream<CodeBlock> blocks(String language) throws IOException {
        return Pages.blocks().filter(block -> block.language().equals(language));
    }
}
