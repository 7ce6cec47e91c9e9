package dev.steptrail.shipper.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Answers HTTP requests with what it is told, one connection each; its own Date is what no HTTP server lets one say. */
final class ScriptedServer implements AutoCloseable {
    /**
     * An answer.
     *
     * @param status 0 closes the connection without one
     * @param date as it is sent; none if null
     */
    record Says(int status, @Nullable String date, String body) {}

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Deque<Says> answers = new ArrayDeque<>();
    private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::serve, "scripted-server");

    ScriptedServer(Says... answers) throws IOException {
        this.answers.addAll(Arrays.asList(answers));
        thread.start();
    }

    static Says says(int status, String body) {
        return says(status, Instant.now(), body);
    }

    static Says says(int status, Instant date, String body) {
        return new Says(status, DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atZone(ZoneOffset.UTC)), body);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** The headers of each request so far, their names in lower case. */
    List<Map<String, String>> asked() {
        return asked;
    }

    private void serve() {
        while (!answers.isEmpty()) {
            try (Socket connection = socket.accept()) {
                asked.add(request(connection));
                answer(connection, answers.remove());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static Map<String, String> request(Socket connection) throws IOException {
        InputStream in = new BufferedInputStream(connection.getInputStream());
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
            }
        }
        if (headers.containsKey("expect")) {
            connection.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
        }
        in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return headers;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static void answer(Socket connection, Says says) throws IOException {
        if (says.status() != 0) {
            byte[] body = says.body().getBytes(UTF_8);
            String head = "HTTP/1.1 " + says.status() + " Said\r\nConnection: close\r\nContent-Length: " + body.length
                    + (says.date() == null ? "" : "\r\nDate: " + says.date()) + "\r\n\r\n";
            connection.getOutputStream().write(head.getBytes(ISO_8859_1));
            connection.getOutputStream().write(body);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
