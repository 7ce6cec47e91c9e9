package dev.steptrail.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** The Markdown files of this checkout. */
final class Pages {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    static final Path README = ROOT.resolve("README.md");
    static final Path CHINESE_README = ROOT.resolve("README.zh-CN.md");
    static final Path DOCS = ROOT.resolve("docs");

    /** Excluded folders: build output, tools, and files of the command's archive, whose links are relative to it. */
    private static final Set<String> SKIPPED_FOLDERS =
            Set.of("target", ".git", ".steptrail", "node_modules", ".venv", ".pytest_cache", "distribution");

    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .build();

    private Pages() {}

    static List<Path> all() throws IOException {
        List<Path> files = new ArrayList<>();
        collect(ROOT, files);
        return files;
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
        return all().stream()
                .filter(file -> file.startsWith(DOCS)
                        || ROOT.equals(file.getParent())
                                && file.getFileName().toString().startsWith("README"));
    }

    /** Returns the READMEs and the pages in {@code docs}, in the order in which a reader meets them. */
    static List<Path> tested() throws IOException {
        try (Stream<Path> docs = Files.walk(DOCS)) {
            return Stream.concat(
                            Stream.of(README, CHINESE_README, DOCS.resolve("tutorial.md")),
                            docs.filter(Pages::isMarkdown).sorted())
                    .distinct()
                    .toList();
        }
    }

    static List<CodeBlock> blocksOf(Path page) throws IOException {
        return CodeBlock.in(nameOf(page), parse(page));
    }

    /** Returns the code blocks of all tested pages. */
    static Stream<CodeBlock> blocks() throws IOException {
        List<CodeBlock> blocks = new ArrayList<>();
        for (Path page : tested()) {
            blocks.addAll(blocksOf(page));
        }
        return blocks.stream();
    }

    /** Returns the path of a page relative to the checkout; for a file outside of it, the name. */
    static Path nameOf(Path page) {
        return page.startsWith(ROOT) ? ROOT.relativize(page) : page.getFileName();
    }

    static Node parse(Path page) throws IOException {
        return PARSER.parse(Files.readString(page));
    }

    static boolean isMarkdown(Path file) {
        return file.toString().endsWith(".md");
    }
}
