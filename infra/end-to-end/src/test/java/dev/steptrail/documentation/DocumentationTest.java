package dev.steptrail.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the links of all Markdown files, and the length, the index and the marks of code blocks of the README and the
 * pages in {@code docs}.
 */
class DocumentationTest {
    private static final int MAX_README_LINES = 200;
    private static final int MAX_LINE_LENGTH = 120;
    private static final Set<String> SHELL_MARKS =
            Set.of(CodeBlock.RUNNABLE, CodeBlock.BACKGROUND, CodeBlock.EXAMPLE, CodeBlock.CI);
    private static final Set<String> OTHER_LANGUAGES = Set.of("java", "json", "python", "text", "xml", "yaml");
    private static final Set<String> OTHER_MARKS = Set.of("", CodeBlock.RUNNABLE, CodeBlock.OUTPUT);

    @ParameterizedTest
    @MethodSource("markdownFiles")
    void links_leadToExistingFilesAndHeadings(Path file) throws IOException {
        List<String> broken = new ArrayList<>();
        for (String link : linksOf(file)) {
            if (!link.matches("[a-z]+:.*") && !exists(file, link)) {
                broken.add(link);
            }
        }

        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md"})
    void readme_hasAtMost200Lines(String readme) throws IOException {
        assertThat(Files.readAllLines(Pages.ROOT.resolve(readme))).hasSizeLessThanOrEqualTo(MAX_README_LINES);
    }

    @ParameterizedTest
    @MethodSource("readmeAndDocs")
    void prose_hasAtMost120CharactersPerLine(Path file) throws IOException {
        List<String> tooLong = new ArrayList<>();
        boolean inCode = false;
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("```")) {
                inCode = !inCode;
            } else if (!inCode && !line.startsWith("|") && !line.startsWith("<")) { // neither tables nor HTML
                String text = line.replaceAll("\\(https?://[^)]*\\)", "()"); // a URL cannot be wrapped
                if (text.codePointCount(0, text.length()) > MAX_LINE_LENGTH) {
                    tooLong.add(line);
                }
            }
        }

        assertThat(tooLong).isEmpty();
    }

    @Test
    void index_listsEveryPage() throws IOException {
        Path index = Pages.DOCS.resolve("README.md");
        Set<Path> listed = linksOf(index).stream()
                .map(link -> index.resolveSibling(link).normalize())
                .collect(Collectors.toSet());

        try (Stream<Path> pages = Files.list(Pages.DOCS)) {
            assertThat(pages.filter(page -> !page.equals(index)).filter(Pages::isMarkdown))
                    .isNotEmpty()
                    .allSatisfy(page -> assertThat(listed).contains(page));
        }
    }

    /** Every shell block must state whether it is run, so that no untested command breaks unnoticed. */
    @Test
    void codeBlocks_haveALanguage_andShellBlocksSayHowTheyAreTested() throws IOException {
        List<String> wrong = Pages.blocks()
                .filter(block -> block.isShell() ? !SHELL_MARKS.contains(block.mark()) : !isKnown(block))
                .map(block -> block + " ```" + block.language() + " " + block.mark())
                .toList();

        assertThat(wrong)
                .as("code blocks without a language, or shell blocks without one of the marks " + SHELL_MARKS)
                .isEmpty();
    }

    private static boolean isKnown(CodeBlock block) {
        return OTHER_LANGUAGES.contains(block.language()) && OTHER_MARKS.contains(block.mark());
    }

    /** The commands of the Chinese README are not run, because they are those of the English one. */
    @Test
    void chineseReadme_hasTheCodeBlocksOfTheEnglishOne() throws IOException {
        assertThat(codeOf(Pages.CHINESE_README)).isEqualTo(codeOf(Pages.README));
    }

    /** Returns the blocks of a page without comments, and of drawings their languages alone. */
    private static List<String> codeOf(Path page) throws IOException {
        return Pages.blocksOf(page).stream()
                .map(block -> block.language().equals("text") && !block.isOutput()
                        ? block.language()
                        : block.language() + " " + block.mark() + "\n" + block.commands())
                .toList();
    }

    static List<Path> markdownFiles() throws IOException {
        return Pages.all();
    }

    static Stream<Path> readmeAndDocs() throws IOException {
        return Pages.readmeAndDocs();
    }

    private static List<String> linksOf(Path file) throws IOException {
        List<String> links = new ArrayList<>();
        Pages.parse(file).accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                links.add(link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                links.add(image.getDestination());
                visitChildren(image);
            }
        });
        return links;
    }

    private static boolean exists(Path file, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty()
                ? file
                : file.resolveSibling(URI.create(path).getPath()).normalize();
        return Files.exists(target)
                && (hash < 0 || !Pages.isMarkdown(target) || anchorsOf(target).contains(link.substring(hash + 1)));
    }

    /** Returns the anchors of headings as on GitHub: lower case, without punctuation, with hyphens for spaces. */
    private static Set<String> anchorsOf(Path file) throws IOException {
        Set<String> anchors = new TreeSet<>();
        Pages.parse(file).accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                anchors.add(textOf(heading)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'));
            }
        });
        return anchors;
    }

    private static String textOf(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code code) {
                text.append(code.getLiteral());
            }
        });
        return text.toString();
    }
}
