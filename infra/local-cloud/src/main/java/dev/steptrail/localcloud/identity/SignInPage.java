package dev.steptrail.localcloud.identity;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page that asks who somebody is, and the one that says why it does not. Both are without any script. */
enum SignInPage {
    ENGLISH(
            "en",
            "Sign in",
            "This local cloud believes whoever you say you are. In the cloud, your own issuer asks here.",
            "Sign in as demo",
            "who owns what is recorded on this machine",
            "Sign in as an admin",
            "who sees everybody's tasks",
            "Or under any name",
            "Name",
            "Sign in",
            "Nobody is signed in here",
            "This page was opened by a link whose %s is not the viewer's. It must be %s.",
            "Open the viewer, and sign in from there",
            "中文"),
    CHINESE(
            "zh",
            "登录",
            "本地云相信您所说的任何身份。在云端，这里由您自己的身份提供方询问。",
            "以 demo 身份登录",
            "本机所录制内容的所有者",
            "以管理员身份登录",
            "可查看所有人的任务",
            "或使用任意名称",
            "名称",
            "登录",
            "无法在此登录",
            "打开此页面的链接中，%s 不属于查看器。它必须是 %s。",
            "打开查看器，从那里登录",
            "English");

    private static final String STYLE = """
            :root { color-scheme: light dark }
            body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; color: #1b1f24; background: #f6f7f9 }
            main { max-width: 26rem; margin: 10vh auto; padding: 2rem; background: #fff; border-radius: .75rem }
            h1 { margin: 0 0 .5rem; font-size: 1.5rem }
            h2 { margin: 1.5rem 0 .5rem; font-size: 1rem }
            .choice, button { display: block; box-sizing: border-box; width: 100%; margin: .75rem 0; padding: .75rem 1rem;
              border: 1px solid #8a939e; border-radius: .5rem; font: inherit; text-align: left; text-decoration: none;
              color: inherit; background: transparent; cursor: pointer }
            .choice strong { display: block }
            .choice:hover, button:hover { border-color: #0b57d0 }
            button { text-align: center; color: #fff; background: #0b57d0; border-color: #0b57d0 }
            label { display: block } a { color: #0b57d0 } code { overflow-wrap: anywhere }
            input { box-sizing: border-box; width: 100%; padding: .6rem .75rem; font: inherit; color: inherit;
              background: transparent; border: 1px solid #6b7580; border-radius: .5rem }
            :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px }
            @media (max-width: 30rem) { main { margin: 0; border-radius: 0 } }
            @media (prefers-color-scheme: dark) {
              body { color: #e6e9ed; background: #101317 } main { background: #1a1e24 } a { color: #a8c7fa }
              button { color: #06245c; background: #a8c7fa; border-color: #a8c7fa }
              .choice:hover, button:hover { border-color: #a8c7fa } :focus-visible { outline-color: #a8c7fa }
            }
            """;

    private static final String POLICY = "default-src 'none'; style-src '" + hash(STYLE)
            + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final String language;
    private final String title;
    private final String explanation;
    private final String demo;
    private final String demoIs;
    private final String admin;
    private final String adminIs;
    private final String anybody;
    private final String name;
    private final String submit;
    private final String refused;
    private final String reason;
    private final String viewer;
    private final String other;

    SignInPage(String... words) {
        this.language = words[0];
        this.title = words[1];
        this.explanation = words[2];
        this.demo = words[3];
        this.demoIs = words[4];
        this.admin = words[5];
        this.adminIs = words[6];
        this.anybody = words[7];
        this.name = words[8];
        this.submit = words[9];
        this.refused = words[10];
        this.reason = words[11];
        this.viewer = words[12];
        this.other = words[13];
    }

    /** @param wishes as the header {@code Accept-Language} or OpenID Connect's {@code ui_locales} tell them, the dearest first */
    static SignInPage in(String wishes) {
        return wishes.strip().toLowerCase(Locale.ROOT).startsWith("zh") ? CHINESE : ENGLISH;
    }

    /** @param query with which the page was asked for, and which its choices complete */
    Answer choice(Map<String, String> query) {
        Map<String, String> asked = new TreeMap<>(query);
        asked.keySet().removeAll(java.util.Set.of("login_hint", "admin"));
        String hidden = asked.entrySet().stream()
                .map(field -> "<input type=\"hidden\" name=\"" + escape(field.getKey()) + "\" value=\""
                        + escape(field.getValue()) + "\">")
                .collect(Collectors.joining());
        return page(
                200,
                title,
                "<p>" + explanation + "</p>"
                        + choice(link(asked, Map.of("login_hint", "demo")), demo, demoIs)
                        + choice(link(asked, Map.of("login_hint", "admin", "admin", "true")), admin, adminIs)
                        + "<h2>" + anybody + "</h2><form action=\"/authorize\" method=\"get\">" + hidden + "<label>"
                        + name + "<input name=\"login_hint\" required maxlength=\"256\" autocomplete=\"username\">"
                        + "</label><button>" + submit + "</button></form><p><a lang=\""
                        + (this == ENGLISH ? "zh" : "en") + "\" href=\""
                        + link(asked, Map.of("ui_locales", this == ENGLISH ? "zh" : "en")) + "\">" + other
                        + "</a></p>");
    }

    /** Who sent the browser here, is not the client. */
    Answer refusal(String parameter, String must) {
        String code = "<code>%s</code>";
        return page(
                400,
                refused,
                "<p>" + reason.formatted(code.formatted(parameter), code.formatted(escape(must)))
                        + "</p><p><a href=\"/\">" + viewer + "</a></p>");
    }

    private Answer page(int status, String heading, String body) {
        return new Answer(
                status,
                Map.of(
                        "content-type", "text/html; charset=utf-8",
                        "cache-control", "no-store",
                        "content-security-policy", POLICY,
                        "referrer-policy", "no-referrer",
                        "x-content-type-options", "nosniff"),
                "<!doctype html><html lang=\"" + language + "\"><head><meta charset=\"utf-8\">"
                        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" + heading
                        + " · Steptrail</title><style>" + STYLE + "</style></head><body><main><h1>" + heading
                        + "</h1>" + body + "</main></body></html>");
    }

    private static String choice(String link, String what, String who) {
        return "<a class=\"choice\" href=\"" + link + "\"><strong>" + what + "</strong>" + who + "</a>";
    }

    private static String link(Map<String, String> asked, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(asked);
        all.putAll(more);
        return escape(all.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&", "/authorize?", "")));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static String hash(String style) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
