package dev.steptrail.localcloud.template;

import dev.steptrail.localcloud.template.Route.JwtAuthorizer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP API's authorizers (AWS::Serverless::HttpApi), which its routes choose among. */
record HttpApi(
        Map<String, JwtAuthorizer> authorizers, @Nullable String defaultAuthorizer) {

    static HttpApi read(Section properties) {
        Section auth = properties.section("Auth");
        Map<String, JwtAuthorizer> authorizers = new LinkedHashMap<>();
        auth.section("Authorizers").sections().forEach((name, section) -> authorizers.put(name, authorizer(section)));
        HttpApi api = new HttpApi(authorizers, auth.optionalText("DefaultAuthorizer"));
        auth.done();
        properties.cloudOnly(
                "AccessLogSettings",
                "CorsConfiguration",
                "DefaultRouteSettings",
                "Description",
                "Name",
                "RouteSettings",
                "Tags");
        properties.done();
        return api;
    }

    private static JwtAuthorizer authorizer(Section section) {
        String source = section.text("IdentitySource", "$request.header.Authorization");
        if (!source.equalsIgnoreCase("$request.header.Authorization")) {
            throw new TemplateException(section.where() + ": the local cloud takes tokens from the header Authorization"
                    + " only, not from " + source);
        }
        Section jwt = section.section("JwtConfiguration");
        JwtAuthorizer authorizer = new JwtAuthorizer(
                jwt.text("issuer"), new LinkedHashSet<>(jwt.texts("audience")), section.texts("AuthorizationScopes"));
        jwt.done();
        section.done();
        return authorizer;
    }

    /** The authorizer that an event's Auth names; null is none. */
    @Nullable
    JwtAuthorizer authorizerOf(Section auth) {
        String name = auth.optionalText("Authorizer");
        if (name == null) {
            name = defaultAuthorizer;
        }
        List<String> scopes = auth.texts("AuthorizationScopes");
        auth.done();
        if (name == null || name.equals("NONE")) {
            return null;
        }
        JwtAuthorizer authorizer = authorizers.get(name);
        if (authorizer == null) {
            throw new TemplateException(auth.where() + ": there is no authorizer " + name);
        }
        return scopes.isEmpty() ? authorizer : new JwtAuthorizer(authorizer.issuer(), authorizer.audience(), scopes);
    }
}
