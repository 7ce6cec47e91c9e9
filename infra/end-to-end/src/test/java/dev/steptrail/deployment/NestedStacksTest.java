package dev.steptrail.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Parameters and outputs of the nested stacks match the main template. */
class NestedStacksTest {
    private static final Pattern OUTPUT = Pattern.compile("!GetAtt ([A-Za-z]+)\\.Outputs\\.([A-Za-z]+)");

    private static Map<String, Map<String, Object>> nested() throws IOException {
        return TemplateTree.of(TemplateTree.MAIN).resources("AWS::Serverless::Application");
    }

    private static TemplateTree template(Object application) throws IOException {
        return TemplateTree.of(TemplateTree.MAIN.resolveSibling(
                String.valueOf(TemplateTree.at(application, "Properties", "Location"))));
    }

    @Test
    void eachNestedStack_getsExactlyItsParameters() throws IOException {
        assertThat(nested()).hasSize(3);
        for (Map.Entry<String, Map<String, Object>> application : nested().entrySet()) {
            Map<String, Object> parameters =
                    TemplateTree.map(template(application.getValue()).root().get("Parameters"));
            Set<String> given = TemplateTree.map(TemplateTree.at(application.getValue(), "Properties", "Parameters"))
                    .keySet();
            Set<String> needed = parameters.entrySet().stream()
                    .filter(parameter -> !TemplateTree.map(parameter.getValue()).containsKey("Default"))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());

            assertThat(parameters.keySet()).as(application.getKey()).containsAll(given);
            assertThat(given).as(application.getKey()).containsAll(needed);
        }
    }

    @Test
    void referencedOutputs_exist_andEachOutputIsReferenced() throws IOException {
        Map<String, Map<String, Object>> nested = nested();
        Set<String> asked = new TreeSet<>();
        Matcher uses = OUTPUT.matcher(Files.readString(TemplateTree.MAIN));
        while (uses.find()) {
            asked.add(uses.group(1) + "." + uses.group(2));
        }
        Set<String> given = new TreeSet<>();
        for (Map.Entry<String, Map<String, Object>> application : nested.entrySet()) {
            TemplateTree.map(template(application.getValue()).root().get("Outputs"))
                    .keySet()
                    .forEach(output -> given.add(application.getKey() + "." + output));
        }

        assertThat(asked).isEqualTo(given);
    }

    @Test
    void everyOtherTemplate_isNestedInTheMainOne() throws IOException {
        Set<Path> named = nested().values().stream()
                .map(application -> TemplateTree.MAIN
                        .resolveSibling(String.valueOf(TemplateTree.at(application, "Properties", "Location")))
                        .normalize())
                .collect(Collectors.toSet());
        try (var files = Files.list(TemplateTree.MAIN.resolveSibling("infra"))) {
            Set<Path> templates = new TreeSet<>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                if (Files.readString(file).startsWith("AWSTemplateFormatVersion")) {
                    templates.add(file.normalize());
                }
            }
            assertThat(named).isEqualTo(templates);
        }
    }
}
