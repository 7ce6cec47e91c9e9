package dev.steptrail.localcloud.gateway;

import dev.steptrail.localcloud.identity.IssuerResponse;
import dev.steptrail.localcloud.identity.SignIn;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** The issuer's endpoints beside the API's routes: {@code GET /authorize} and {@code POST /token}. */
record SignInPaths(SignIn signIn) {
    private static final String AUTHORIZE = "GET /authorize";
    private static final String TOKEN = "POST /token";

    boolean has(HttpRequest request) {
        String key = key(request);
        return key.equals(AUTHORIZE) || key.equals(TOKEN);
    }

    /** Answers a request for which {@link #has} is true. */
    ProxyResponse answer(HttpRequest request, byte[] body) {
        Map<String, String> headers = request.joinedHeaders();
        IssuerResponse answer = key(request).equals(AUTHORIZE)
                ? signIn.authorize(request.queryParameters(), headers.getOrDefault("accept-language", ""))
                : signIn.token(form(headers.getOrDefault("content-type", ""), body));
        return new ProxyResponse(
                answer.status(),
                answer.headers().entrySet().stream().toList(),
                answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String key(HttpRequest request) {
        return request.method() + " " + request.path();
    }

    /** Returns an empty map if the body is not a form. */
    private static Map<String, String> form(String contentType, byte[] body) {
        if (!contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            return Map.of();
        }
        try {
            return HttpRequest.decodeQuery(new String(body, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }
}
