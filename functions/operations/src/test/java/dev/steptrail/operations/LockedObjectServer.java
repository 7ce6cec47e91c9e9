package dev.steptrail.operations;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A local S3 server with list and delete. Objects with "locked" in their keys cannot be deleted. */
final class LockedObjectServer implements AutoCloseable {
    private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");
    private static final Pattern PREFIX = Pattern.compile("(?:^|&)prefix=([^&]*)");

    final SortedSet<String> keys = new TreeSet<>();
    private final HttpServer server;

    LockedObjectServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String answer = exchange.getRequestMethod().equals("POST")
                ? delete(body)
                : list(exchange.getRequestURI().getRawQuery());
        byte[] xml = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        exchange.sendResponseHeaders(200, xml.length);
        exchange.getResponseBody().write(xml);
        exchange.close();
    }

    private String list(String query) {
        MatchResult found = PREFIX.matcher(query).results().findFirst().orElseThrow();
        String prefix = URLDecoder.decode(found.group(1), StandardCharsets.UTF_8);
        return keys.stream()
                .filter(key -> key.startsWith(prefix))
                .map(("<Contents><Key>%s</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified><Size>1</Size>"
                        + "</Contents>")::formatted)
                .collect(Collectors.joining(
                        "", "<ListBucketResult><IsTruncated>false</IsTruncated>", "</ListBucketResult>"));
    }

    private String delete(String body) {
        Map<Boolean, List<String>> isLocked = KEY.matcher(body)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.partitioningBy(key -> key.contains("locked")));
        isLocked.get(false).forEach(keys::remove);
        return isLocked.get(true).stream()
                .map("<Error><Key>%s</Key><Code>AccessDenied</Code></Error>"::formatted)
                .collect(Collectors.joining("", "<DeleteResult>", "</DeleteResult>"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
