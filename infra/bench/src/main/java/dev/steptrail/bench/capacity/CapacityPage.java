package dev.steptrail.bench.capacity;

import dev.steptrail.bench.MarkedPart;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables of infra/CAPACITY.md. */
final class CapacityPage {
    private static final double STEPS = 1e6;

    private CapacityPage() {}

    /** The page with its tables as they are now. */
    static String with(String page, Usage usage, IngestMeasurement.Result measured, List<Fleet> fleets) {
        String told = MarkedPart.with(page, "measured", measured(usage, measured));
        told = MarkedPart.with(told, "million", million(usage));
        told = MarkedPart.with(told, "month", month());
        told = MarkedPart.with(told, "fleets", fleets(fleets));
        return MarkedPart.with(told, "prices", prices());
    }

    private static String measured(Usage usage, IngestMeasurement.Result measured) {
        return "| what | a step |\n|---|---|\n"
                + row("messages, and their size", text("%.2f of %.1f KB", usage.messages(), LiveTasks.bytes(1) / 1e3))
                + row(
                        "a screen of 1080x2400 as WebP, and its thumbnail",
                        text(
                                "%.1f KB + %.1f KB",
                                usage.sizes().screen() / 1e3, usage.sizes().thumbnail() / 1e3))
                + row(
                        "rows in Postgres with indexes, of a step with two screens",
                        text("%.2f KB", measured.rowBytes() / 1e3))
                + row("write-ahead log, in messages of one step", text("%.2f KB", measured.logBytes() / 1e3))
                + row("a processor in Postgres", text("%.0f µs", usage.databaseSeconds() * 1e6))
                + row("receive and delete requests", text("%.3f + %.3f", usage.receives(), usage.deletes()))
                + row(
                        "invocations of ingest, and their time",
                        text("%.4f, %.2f ms", usage.invocations(), usage.seconds() * 1e3));
    }

    private static String million(Usage usage) {
        List<Cost.Line> one = Cost.ofSteps(STEPS, 1, usage);
        List<Cost.Line> two = Cost.ofSteps(STEPS, 2, usage);
        return "| service | what | quantity, one screen | $, one screen | $, two screens |\n|---|---|---:|---:|---:|\n"
                + IntStream.range(0, one.size())
                        .mapToObj(i -> row(
                                one.get(i).price().what(),
                                one.get(i).what(),
                                quantity(one.get(i)),
                                text("%.2f", one.get(i).dollars()),
                                text("%.2f", two.get(i).dollars())))
                        .collect(Collectors.joining())
                + row("**sum**", "", "", text("**%.2f**", Cost.sum(one)), text("**%.2f**", Cost.sum(two)));
    }

    private static String month() {
        List<Cost.Line> lines = Cost.ofMonth();
        return "| service | what | quantity | $ a month |\n|---|---|---:|---:|\n"
                + lines.stream()
                        .map(line ->
                                row(line.price().what(), line.what(), quantity(line), text("%.2f", line.dollars())))
                        .collect(Collectors.joining())
                + row("**sum**", "", "", text("**%.2f**", Cost.sum(lines)));
    }

    private static String fleets(List<Fleet> fleets) {
        return "| phones | IngestConcurrency | steps/s | messages/s | busy invocations | busy processors in Postgres "
                + "| lag p50, p99 | oldest message after "
                + fleets.get(0).length().toMinutes() + " min |\n|---:|---:|---:|---:|---:|---:|---:|---:|\n"
                + fleets.stream().map(CapacityPage::fleet).collect(Collectors.joining());
    }

    private static String fleet(Fleet fleet) {
        boolean keepsUp = fleet.oldestAtEnd() < 10;
        return row(
                text("%,d", fleet.phones()),
                String.valueOf(fleet.settings().concurrency()),
                text("%,.1f", fleet.stepsPerSecond()),
                text("%,.1f", fleet.messagesPerSecond()),
                text("%.2f", fleet.busy()),
                text("%.3f", fleet.processors()),
                keepsUp
                        ? text(
                                "%.1f s, %.1f s",
                                fleet.outcome().lag(0.5) / 1e6, fleet.outcome().lag(0.99) / 1e6)
                        : "grows",
                text("%.1f s", fleet.oldestAtEnd()) + (keepsUp ? "" : ", **grows**"));
    }

    private static String prices() {
        return "| price of | $ | for | page |\n|---|---:|---|---|\n"
                + Arrays.stream(Price.values())
                        .map(price -> row(price.what(), text("%s", price.dollars()), per(price), price.page()))
                        .collect(Collectors.joining());
    }

    private static String per(Price price) {
        return price.per() == 1 ? price.unit() : text("%,.0f %s", price.per(), price.unit());
    }

    private static String quantity(Cost.Line line) {
        String unit = line.price().unit().replace(" a month", "");
        return (line.quantity() >= 100 ? text("%,.0f", line.quantity()) : text("%.2f", line.quantity())) + " " + unit;
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
