package dev.steptrail.bench.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.localcloud.template.DeploymentContext;
import dev.steptrail.localcloud.template.Route;
import dev.steptrail.localcloud.template.Template;
import dev.steptrail.localcloud.template.TemplateReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateWithNoOpTest {
    private static final Path DEPLOYED = Path.of("../../sam-template.yaml");

    @TempDir
    private Path folder;

    @Test
    void besideTheDeployedRoutes_isOneMore_behindTheSameAuthorizer() throws IOException {
        Path file = folder.resolve("template.yaml");
        TemplateWithNoOp.write(DEPLOYED, file);

        Template with = read(file);

        assertThat(route(with, NoOpHandler.PATH).authorizer())
                .isNotNull()
                .isEqualTo(route(with, "/api/tasks").authorizer());
        assertThat(with.routes())
                .containsAll(read(DEPLOYED).routes())
                .hasSize(read(DEPLOYED).routes().size() + 1);
    }

    private static Template read(Path file) throws IOException {
        Map<String, String> parameters = Map.of(
                "DatabaseUrl", "jdbc:postgresql://host/steptrail",
                "DatabaseUser", "user",
                "DatabasePassword", "password",
                "JwtIssuer", "http://issuer",
                "JwtAudience", "steptrail");
        return TemplateReader.read(
                file,
                new DeploymentContext(
                        "steptrail", "us-east-1", "000000000000", "http://queues", "http://api", parameters));
    }

    private static Route route(Template template, String path) {
        return template.routes().stream()
                .filter(route -> route.path().equals(path))
                .findFirst()
                .orElseThrow();
    }
}
