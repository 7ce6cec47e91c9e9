package dev.steptrail.documentation;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;

/**
 * A fenced code block of a page. The words after the opening fence are its language and its mark, such as {@code sh
 * runnable}; pages show neither.
 *
 * @param page the page's name, see {@link Pages#nameOf}
 * @param firstLine the line of the opening fence, from 1
 * @param lastLine the line of the closing fence
 * @param mark empty if there is none
 */
record CodeBlock(Path page, int firstLine, int lastLine, String language, String mark, String code) {
    /** The block runs, in the order of its page, and must succeed. */
    static final String RUNNABLE = "runnable";

    /** The block starts a program that runs until it is stopped. */
    static final String BACKGROUND = "background";

    /** The block needs something that a test does not have, such as an AWS account. */
    static final String EXAMPLE = "example";

    /** The block is what CI runs. */
    static final String CI = "ci";

    /** The block shows the output of the block before it; for a program in the background, its first lines. */
    static final String OUTPUT = "output";

    private static final Pattern JAVA = Pattern.compile("(?s)((?:import [^\n]+\n)*)(.*)");

    static List<CodeBlock> in(Path page, Node document) {
        List<CodeBlock> blocks = new ArrayList<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(FencedCodeBlock block) {
                String[] info = (block.getInfo() + " ").split(" ", 2);
                List<SourceSpan> lines = block.getSourceSpans();
                blocks.add(new CodeBlock(
                        page,
                        lines.get(0).getLineIndex() + 1,
                        lines.get(lines.size() - 1).getLineIndex() + 1,
                        info[0],
                        info[1].strip(),
                        block.getLiteral()));
            }
        });
        return blocks;
    }

    boolean isShell() {
        return language.equals("sh");
    }

    boolean isOutput() {
        return mark.equals(OUTPUT);
    }

    /** Returns true if this machine has a Python that runs the examples. Python is optional. */
    static boolean hasPython() {
        try {
            return new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 10))")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the code without comments at the end of lines. */
    String commands() {
        return code.replaceAll("(?m) +(#|//) .*$", "");
    }

    /** Returns the name of the class that {@link #compileJava} creates. */
    String className() {
        return "Line" + firstLine;
    }

    /** Compiles a Java block as the main method of the class {@link #className}. Returns the compiler's messages. */
    List<String> compileJava(Path classes, String classPath) {
        Matcher parts = JAVA.matcher(code);
        String source = parts.replaceFirst("$1public class " + className()
                + " {\npublic static void main(String[] arguments) throws Exception {\n$2}\n}\n");
        URI uri = URI.create("string:///" + className() + ".java");
        JavaFileObject file = new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-d", classes.toString(), "-proc:none", "-classpath", classPath);
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, options, null, List.of(file))
                .call();
        return problems.getDiagnostics().stream().map(Object::toString).toList();
    }

    /**
     * Returns true if the output matches what this block shows, apart from ids, numbers, folders and the width of
     * spaces.
     */
    boolean matches(List<String> output) {
        return normalised(output).equals(normalised(code.lines().toList()));
    }

    private static List<String> normalised(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID")
                        .replaceAll("(?<= )/\\S+(?=/\\.steptrail/)", "HOME")
                        .replaceAll("[0-9]+", "N")
                        .replaceAll("\\s+", " "))
                .toList();
    }

    @Override
    public String toString() {
        return page + ":" + firstLine;
    }
}
