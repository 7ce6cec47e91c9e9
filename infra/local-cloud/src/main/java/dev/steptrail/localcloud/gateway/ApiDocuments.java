package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.identity.Issuer;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;

/**
 * Serves public documents: the issuer's metadata and keys, and the API description with a page to browse it (Swagger UI
 * from its WebJar). The page loads nothing from other origins.
 */
final class ApiDocuments {
    private static final String FOLDER = "/dev/steptrail/localcloud/gateway/";
    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/" + swaggerUiVersion() + "/";

    private static final String POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

    private final Issuer issuer;
    private final Path openApi;

    /** @param openApi infra/openapi.yaml, read at each request; if it is missing, the page is not served */
    ApiDocuments(Issuer issuer, Path openApi) {
        this.issuer = issuer;
        this.openApi = openApi;
    }

    /** Returns the document at this path; null if there is none. */
    @Nullable
    ProxyResponse find(String path) {
        return switch (path) {
            case "/.well-known/openid-configuration" -> ProxyResponse.json(200, issuer.configuration());
            case "/.well-known/jwks.json" -> ProxyResponse.json(200, issuer.jwks());
            default -> Files.exists(openApi) ? docsFile(path) : null;
        };
    }

    private @Nullable ProxyResponse docsFile(String path) {
        try {
            return switch (path) {
                case "/openapi.yaml" -> response("application/yaml", Files.readAllBytes(openApi));
                case "/docs" -> response("text/html; charset=utf-8", IOUtils.resourceToByteArray(FOLDER + "docs.html"));
                case "/docs/page.js" -> response("text/javascript", IOUtils.resourceToByteArray(FOLDER + "docs.js"));
                case "/docs/swagger-ui-bundle.js" ->
                    response("text/javascript", IOUtils.resourceToByteArray(SWAGGER_UI + "swagger-ui-bundle.js"));
                case "/docs/swagger-ui.css" ->
                    response("text/css", IOUtils.resourceToByteArray(SWAGGER_UI + "swagger-ui.css"));
                default -> null;
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProxyResponse response(String type, byte[] body) {
        return new ProxyResponse(
                200, List.of(Map.entry("content-type", type), Map.entry("content-security-policy", POLICY)), body);
    }

    /** Returns the version of the WebJar, which is part of the path of its files. */
    private static String swaggerUiVersion() {
        Properties properties = new Properties();
        try {
            String text = IOUtils.resourceToString(
                    "/META-INF/maven/org.webjars/swagger-ui/pom.properties", StandardCharsets.UTF_8);
            properties.load(new StringReader(text));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
