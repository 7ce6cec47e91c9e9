package dev.steptrail.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the links of all Markdown files, and the length and the index of the README and the pages in {@code docs}. */
class DocumentationTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final int MAX_README_LINES = 200;
    private static final int MAX_LINE_LENGTH = 120;

    /** Excluded folders: build output, and the files of the command's archive, whose links are relative to the archive. */
    private static final Set<String> SKIPPED_FOLDERS =
            Set.of("target", ".git", ".steptrail", "node_modules", "distribution");

    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

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
        assertThat(Files.readAllLines(ROOT.resolve(readme))).hasSizeLessThanOrEqualTo(MAX_README_LINES);
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
        Path index = ROOT.resolve("docs/README.md");
        Set<Path> listed = linksOf(index).stream()
                .map(link -> index.resolveSibling(link).normalize())
                .collect(Collectors.toSet());

        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            assertThat(pages.filter(page -> !page.equals(index)).filter(DocumentationTest::isMarkdown))
                    .isNotEmpty()
                    .allSatisfy(page -> assertThat(listed).contains(page));
        }
    }

    static Stream<Path> markdownFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        collect(ROOT, files);
        return files.stream();
    }

    private static void collect(Path folder, List<Path> files) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry)) {
                    if (!SKIPPED_FOLDERS.contains(entry.getFileName().toString())) {
                        collect(entry, files);
                    }
                } else if (isMarkdown(entry)) {
                    files.add(entry);
                }
            }
        }
    }

    static Stream<Path> readmeAndDocs() throws IOException {
        return markdownFiles()
                .filter(file -> file.startsWith(ROOT.resolve("docs"))
                        || ROOT.equals(file.getParent())
                                && file.getFileName().toString().startsWith("README"));
    }

    private static boolean isMarkdown(Path file) {
        return file.toString().endsWith(".md");
    }

    private static List<String> linksOf(Path file) throws IOException {
        List<String> links = new ArrayList<>();
        PARSER.parse(Files.readString(file)).accept(new AbstractVisitor() {
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
                && (hash < 0 || !isMarkdown(target) || anchorsOf(target).contains(link.substring(hash + 1)));
    }

    /** Returns the anchors of headings as on GitHub: lower case, without punctuation, with hyphens for spaces. */
    private static Set<String> anchorsOf(Path file) throws IOException {
        Set<String> anchors = new TreeSet<>();
        PARSER.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                .accept(new AbstractVisitor() {
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
