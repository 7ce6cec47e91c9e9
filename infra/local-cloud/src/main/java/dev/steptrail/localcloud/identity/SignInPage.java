package dev.steptrail.localcloud.identity;

import com.nimbusds.jose.util.Base64;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.IOUtils;

/** Renders the sign-in page and its error page. The content security policy forbids scripts. */
final class SignInPage {
    private static final String STYLE = resource("sign-in.css");

    private static final String POLICY =
            "default-src 'none'; style-src 'sha256-" + Base64.encode(DigestUtils.sha256(STYLE))
                    + "'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    private SignInPage() {}

    /**
     * Renders the sign-in page.
     *
     * @param query the query of the authorization request; its parameters are repeated in the links and the form
     * @param redirectUri a redirect URI of the client; browsers apply the policy for forms also to redirects
     * @param languages preferred languages, in the format of {@code ui_locales} or {@code Accept-Language}
     */
    static IssuerResponse form(Map<String, String> query, String redirectUri, String languages) {
        boolean chinese = languages.strip().toLowerCase(Locale.ROOT).startsWith("zh");
        Map<String, String> parameters = new TreeMap<>(query);
        parameters.remove("user");
        parameters.remove("admin");
        String fields = parameters.entrySet().stream()
                .map(field -> "<input type=\"hidden\" name=\"" + escape(field.getKey()) + "\" value=\""
                        + escape(field.getValue()) + "\">")
                .collect(Collectors.joining());
        return response(
                200,
                POLICY + " " + redirectUri,
                resource(chinese ? "sign-in.zh.html" : "sign-in.en.html")
                        .replace("{{demo}}", link(parameters, Map.of("user", "demo")))
                        .replace("{{admin}}", link(parameters, Map.of("user", "admin", "admin", "true")))
                        .replace("{{other}}", link(parameters, Map.of("ui_locales", chinese ? "en" : "zh")))
                        .replace("{{user}}", escape(query.getOrDefault("login_hint", "")))
                        .replace("{{fields}}", fields));
    }

    /** Renders the error page for an authorization request whose parameter has an unexpected value. */
    static IssuerResponse invalidLink(String parameter, String expected) {
        return response(
                400,
                POLICY,
                resource("invalid-link.html")
                        .replace("{{parameter}}", parameter)
                        .replace("{{expected}}", escape(expected)));
    }

    private static IssuerResponse response(int status, String policy, String page) {
        return new IssuerResponse(
                status,
                Map.of(
                        "content-type", "text/html; charset=utf-8",
                        "cache-control", "no-store",
                        "content-security-policy", policy,
                        "referrer-policy", "no-referrer",
                        "x-content-type-options", "nosniff"),
                page.replace("{{style}}", STYLE));
    }

    private static String link(Map<String, String> parameters, Map<String, String> overrides) {
        Map<String, String> merged = new TreeMap<>(parameters);
        merged.putAll(overrides);
        return escape("/authorize?" + query(merged));
    }

    /** Encodes the parameters of a URL's query. */
    static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Escapes HTML and braces. Without braces, user input cannot contain a placeholder such as {@code {{user}}}. */
    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("\"", "&quot;")
                .replace("{", "&#123;");
    }

    private static String resource(String name) {
        try {
            return IOUtils.resourceToString("/dev/steptrail/localcloud/identity/" + name, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
