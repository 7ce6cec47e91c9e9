package dev.steptrail.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page as one Bash script, so that variables last from block to block. Each command is on the line that it has in the
 * page, and the fence of a block becomes the redirection of its output.
 */
final class PageScript {
    private static final long PATIENCE_SECONDS = 240;

    /**
     * Runs before each script. Its function {@code background} starts one command and waits until it has printed some
     * lines.
     */
    private static final String PRELUDE = """
            unset BASH_ENV
            set -Eeuo pipefail
            trap 'echo "$PAGE:$LINENO: status $?: $BASH_COMMAND" >&2' ERR
            background() {
              local output=$1 lines=$2 commands
              commands=$(cat)
              exec >"$output" 2>&1
              bash -c "exec $commands" & # so that $! is the program
              echo $! >>"$PROCESSES"
              for _ in $(seq 300); do
                [[ $(wc -l <"$output") -lt $lines ]] || return 0
                kill -0 $! || return 1
                sleep 0.3
              done
              echo "$lines lines of output were expected within 90 s"
              return 1
            }
            """;

    private static final boolean HAS_PYTHON = CodeBlock.hasPython();
    private static final String END = "END_OF_BLOCK";

    private final Path page;
    private final Path name;
    private final List<CodeBlock> blocks;
    private final Path folder;
    private final Path outputs;

    /** @param folder for the script, its output and the classes of Java blocks */
    PageScript(Path page, Path folder) throws IOException {
        this.page = page;
        this.name = Pages.nameOf(page);
        this.blocks = Pages.blocksOf(page);
        this.folder = folder;
        this.outputs = folder.resolve(name + ".out");
    }

    static boolean isNeededFor(Path page) throws IOException {
        return Pages.blocksOf(page).stream().anyMatch(PageScript::runs);
    }

    private static boolean runs(CodeBlock block) {
        return (HAS_PYTHON || !block.language().equals("python"))
                && List.of(CodeBlock.RUNNABLE, CodeBlock.BACKGROUND).contains(block.mark());
    }

    /**
     * Runs the page.
     *
     * @param started the commands of programs that already run in the background; they are not started again. Those
     *     that this page starts are added
     * @param classPath of Java blocks
     * @return the error with page, line, status and output; empty if there is none
     */
    List<String> run(Path checkout, Map<String, String> environment, List<String> started, String classPath)
            throws IOException, InterruptedException {
        Files.createDirectories(outputs);
        Path script = Files.write(outputs.resolve("script"), lines(started, classPath));
        Path prelude = Files.writeString(outputs.resolve("prelude"), PRELUDE);
        Path console = outputs.resolve("console");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString())
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .redirectOutput(console.toFile());
        builder.environment().keySet().retainAll(List.of("PATH"));
        builder.environment().putAll(environment);
        builder.environment().put("BASH_ENV", prelude.toString());
        builder.environment().put("PAGE", name.toString());
        builder.environment().put("PROCESSES", folder.resolve("processes").toString());
        Process bash = builder.start();
        if (!bash.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            bash.descendants().forEach(ProcessHandle::destroy);
            bash.destroyForcibly();
            return List.of(name + " does not end within " + PATIENCE_SECONDS + " s", lastOutput());
        }
        return bash.exitValue() == 0
                ? unexpectedOutputs()
                : List.of(name + " fails with status " + bash.exitValue(), Files.readString(console), lastOutput());
    }

    private List<String> lines(List<String> started, String classPath) throws IOException {
        int length = Files.readAllLines(page).size();
        List<String> script = new ArrayList<>(Collections.nCopies(length, ""));
        for (int i = 0; i < blocks.size(); i++) {
            CodeBlock block = blocks.get(i);
            if (!runs(block) || started.contains(block.commands())) {
                continue;
            }
            String output = quoted(output(block).toString());
            String redirect = "exec >" + output + " 2>&1; ";
            if (block.language().equals("java")) {
                List<String> problems = block.compileJava(folder, classPath);
                String run = "\"$JAVA_HOME/bin/java\" -cp '" + folder + ":" + classPath + "' " + block.className();
                String report = "echo " + quoted(problems.toString().replace('\n', ' ')) + "; false";
                script.set(block.firstLine() - 1, redirect + (problems.isEmpty() ? run : report));
            } else if (block.language().equals("python")) {
                addCode(script, block, redirect + "python3 - <<'" + END + "'", END);
            } else if (block.mark().equals(CodeBlock.BACKGROUND)) {
                started.add(block.commands());
                CodeBlock shown = outputAfter(i);
                long count = shown == null ? 1 : shown.code().lines().count();
                addCode(script, block, "background " + output + " " + count + " <<'" + END + "'", END);
            } else {
                addCode(script, block, redirect, "");
            }
        }
        return script;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static void addCode(List<String> script, CodeBlock block, String before, String after) {
        script.set(block.firstLine() - 1, before);
        List<String> code = block.code().lines().toList();
        for (int i = 0; i < code.size(); i++) {
            script.set(block.firstLine() + i, code.get(i));
        }
        script.set(block.lastLine() - 1, after);
    }

    /** Returns the block that shows the output of a block; null if there is none. */
    private @Nullable CodeBlock outputAfter(int index) {
        CodeBlock next = index + 1 < blocks.size() ? blocks.get(index + 1) : null;
        return next != null && next.isOutput() ? next : null;
    }

    private List<String> unexpectedOutputs() throws IOException {
        List<String> unexpected = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            CodeBlock shown = outputAfter(i);
            if (shown != null && Files.exists(output(blocks.get(i)))) {
                List<String> lines = Files.readAllLines(output(blocks.get(i)));
                boolean isWhole = !blocks.get(i).mark().equals(CodeBlock.BACKGROUND);
                int count = (int) shown.code().lines().count();
                if (!shown.matches(isWhole || lines.size() < count ? lines : lines.subList(0, count))) {
                    unexpected.add(blocks.get(i) + " does not print what " + shown + " shows, but");
                    unexpected.addAll(lines);
                }
            }
        }
        return unexpected;
    }

    /** Returns the output of the block that ran last. */
    private String lastOutput() throws IOException {
        for (int i = blocks.size() - 1; i >= 0; i--) {
            if (Files.exists(output(blocks.get(i)))) {
                return "Output of " + blocks.get(i) + ":\n" + Files.readString(output(blocks.get(i)));
            }
        }
        return "";
    }

    private Path output(CodeBlock block) {
        return outputs.resolve(Integer.toString(block.firstLine()));
    }

    /** Returns the programs that pages have started in the background. */
    static Stream<ProcessHandle> processes(Path folder) throws IOException {
        Path file = folder.resolve("processes");
        List<String> ids = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return ids.stream().map(Long::valueOf).map(ProcessHandle::of).flatMap(Optional::stream);
    }
}
