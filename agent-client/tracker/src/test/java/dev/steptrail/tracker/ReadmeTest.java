package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiles the Java examples of the documentation with their imports. */
class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```java\n((?:import [^\n]+\n)*)(.*?)```");

    /** Declarations that the examples take from the surrounding agent. */
    private static final String AGENT = "byte[] screenshotAsPng;\n";

    @TempDir
    Path classes;

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.zh-CN.md", "docs/record-from-java.md", "docs/java-tracker.md"})
    void javaExamples_compile(String page) throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("../..", page)));
        List<String> examples = new ArrayList<>();
        while (example.find()) {
            examples.add(example.group(1) + "class Agent {\n" + AGENT + "void run() {\n" + example.group(2) + "}\n}\n");
        }

        assertThat(examples)
                .isNotEmpty()
                .allSatisfy(source -> assertThat(problems(source)).as(source).isEmpty());
    }

    private List<String> problems(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Agent.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        List<String> options =
                List.of("-d", classes.toString(), "-proc:none", "-classpath", System.getProperty("java.class.path"));
        compiler.getTask(null, null, problems, options, null, List.of(file)).call();
        return problems.getDiagnostics().stream().map(Object::toString).toList();
    }
}
