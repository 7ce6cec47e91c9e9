package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The gateway serves the viewer's files, and the headers allow its page to read the bucket. */
class ViewerIT {
    private final CloudProcess cloud = CloudProcess.shared();
    private final Api anonymous = new Api(cloud.api().address(), null);

    @Test
    void everyPage_isPublic_andMayReadTheBucket() throws Exception {
        String bucket = cloud.environment().get("AWS_ENDPOINT_URL_S3");
        for (String path : List.of(
                "/", "/tasks/x?login_hint=demo#step=17", "/compare?a=1", "/shared/x", "/signed-in?code=1&state=2")) {
            Api.Answer page = anonymous.get(path);

            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.header("content-type")).startsWith("text/html");
            assertThat(page.header("content-security-policy"))
                    .startsWith("default-src 'none'; script-src 'self'; ")
                    .contains("img-src 'self' " + bucket + ";")
                    .contains("connect-src 'self' " + bucket + " " + anonymous.address() + ";");
        }
    }

    @Test
    void everyFileOfThePage_isServedWithItsType_andCachedAsImmutable() throws Exception {
        List<String> files = Pattern.compile("(?:src|href)=\"(/static/[^\"]+)\"")
                .matcher(anonymous.get("/").text())
                .results()
                .map(file -> file.group(1))
                .toList();

        assertThat(files).isNotEmpty();
        for (String path : files) {
            Api.Answer file = anonymous.get(path);
            assertThat(file.status()).as(path).isEqualTo(200);
            assertThat(file.header("cache-control")).isEqualTo("public, max-age=31536000, immutable");
            assertThat(file.header("content-type"))
                    .isEqualTo(
                            path.endsWith(".js")
                                    ? "text/javascript; charset=utf-8"
                                    : path.endsWith(".css") ? "text/css; charset=utf-8" : "image/svg+xml");
        }
    }

    @Test
    void pathTraversal_isRejected() throws Exception {
        for (String path :
                List.of("/../../StaticFiles.class", "/%2e%2e/StaticFiles.class", "/..%2fStaticFiles.class")) {
            assertThat(anonymous.get("/static/bundle" + path).status()).as(path).isIn(400, 404);
        }
    }

    @Test
    void screenshot_isReadableByTheViewersOriginOnly() throws Exception {
        String task = Imports.samples().taskOf("weather-finished.json");
        String url = cloud.api()
                .json("/api/steps/" + task + ".1/screenshot?redirect=false")
                .get("url")
                .textValue();

        assertThat(readFrom(anonymous.address(), url)).isEqualTo(anonymous.address());
        assertThat(readFrom("http://evil.example.com", url)).isEmpty();
    }

    private static String readFrom(String origin, String url) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url)).header("Origin", origin).build();
        HttpResponse<Void> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.headers().firstValue("access-control-allow-origin").orElse("");
    }
}
