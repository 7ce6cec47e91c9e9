package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
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
    /** An answer: what is written into the connection, which is closed then. */
    @FunctionalInterface
    interface Says {
        void into(OutputStream connection) throws IOException, InterruptedException;
    }

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
        return says(status, DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atZone(ZoneOffset.UTC)), body);
    }

    /** An answer with this date, or with none. */
    static Says says(int status, @Nullable String date, String body) {
        int length = body.getBytes(UTF_8).length;
        String dated = date == null ? "" : "\r\nDate: " + date;
        return says("HTTP/1.1 " + status + " Said\r\nConnection: close\r\nContent-Length: " + length + dated
                + "\r\n\r\n" + body);
    }

    /** These words. */
    static Says says(String words) {
        return connection -> connection.write(words.getBytes(UTF_8));
    }

    /** These words, then more of the same until nobody listens any more, a pause before each. */
    static Says saysWithoutEnd(String words, String more, Duration pause) {
        return connection -> {
            says(words).into(connection);
            while (true) {
                Thread.sleep(pause.toMillis());
                says(more).into(connection);
            }
        };
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
                answers.remove().into(connection.getOutputStream());
            } catch (IOException hungUp) {
                // The next one may listen; where it was this server that was closed, there is none.
                if (socket.isClosed()) {
                    return;
                }
            } catch (InterruptedException e) {
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

    @Override
    public void close() throws IOException {
        socket.close();
        thread.interrupt();
    }
}
