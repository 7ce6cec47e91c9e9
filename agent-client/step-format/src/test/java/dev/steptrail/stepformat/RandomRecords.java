package dev.steptrail.stepformat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/** Generates random records without jqwik's combinators, whose shrinking takes exponential time in the depth. */
final class RandomRecords {
    private static final int[] SPECIAL = {'\n', '\r', '\t', '"', '\\', '/', 0x2028, 0x7F, 1, 0xFEFF, 0xFFFF};
    private static final Object[] NUMBERS = {
        0,
        -1,
        Integer.MAX_VALUE,
        Long.MIN_VALUE,
        BigInteger.TWO.pow(1300),
        BigInteger.ONE.shiftLeft(2000).negate(),
        new BigDecimal("-0.0"),
        new BigDecimal("1.50"),
        new BigDecimal("1E+300"),
        new BigDecimal("1E-400"),
        new BigDecimal("1e999999999"),
        0.1f,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        Double.NaN
    };

    private final Random random;

    private RandomRecords(Random random) {
        this.random = random;
    }

    static Arbitrary<StepRecord> records() {
        return Arbitraries.randomValue(random -> new RandomRecords(random).record());
    }

    /** Texts that may contain U+0000 and lone surrogates. */
    static Arbitrary<String> unstorableTexts() {
        return Arbitraries.randomValue(random -> new RandomRecords(random).unstorableText());
    }

    private StepRecord record() {
        return switch (random.nextInt(5)) {
            case 0 -> taskStarted();
            case 1 -> losses();
            case 2 -> taskEnded();
            case 3 -> verdict();
            default -> step();
        };
    }

    private TaskStarted taskStarted() {
        return new TaskStarted(
                id(),
                time(),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::text),
                maybe(this::id),
                maybe(this::text),
                object(3),
                experimentCase(),
                attachments(),
                unknown());
    }

    private Step step() {
        return new Step(
                id(),
                time(),
                positive(),
                flip() ? StepType.ACTION : flip() ? "\uD83D\uDE00".repeat(100) : "x" + text(),
                maybe(this::text),
                maybe(() -> object(3)),
                maybe(() -> object(3)),
                maybe(() -> Duration.ofMillis(random.nextInt(Integer.MAX_VALUE))),
                maybe(this::flip),
                maybe(this::text),
                object(1),
                object(1),
                modelCall(),
                attachments(),
                list(this::frame),
                list(this::screenshot),
                unknown());
    }

    private ExperimentCase experimentCase() {
        return new ExperimentCase(
                maybe(this::experiment), maybe(this::name), maybe(() -> random.nextInt(Integer.MAX_VALUE)), object(2));
    }

    private ModelCall modelCall() {
        return new ModelCall(maybe(this::usage), value(3), value(1));
    }

    private List<Attachment> attachments() {
        return Attachment.ATTACHABLE.stream()
                .sorted()
                .filter(field -> random.nextInt(8) == 0)
                .map(this::attachment)
                .toList();
    }

    private Usage usage() {
        return new Usage(
                maybe(this::positive),
                maybe(() -> random.nextInt(Integer.MAX_VALUE)),
                maybe(this::positive),
                unknown());
    }

    private Attachment attachment(String field) {
        return new Attachment(
                field,
                "attachments/" + (flip() ? "AROA:lab-7" : "名") + "/" + id() + "/1.json.gz",
                "0123456789abcdef".repeat(4),
                1 + random.nextInt(Attachment.MAX_BYTES),
                1 + random.nextInt(Attachment.MAX_BYTES),
                unknown());
    }

    private Verdict verdict() {
        boolean isLabel = flip();
        return new Verdict(
                id(),
                time(),
                isLabel && flip() ? Verdict.SUCCESS : "x" + text() + "x",
                isLabel ? one(VerdictValue.Label.values()) : new VerdictValue.Score(random.nextGaussian() * 1e6),
                name(),
                maybe(this::name),
                maybe(this::text),
                unknown());
    }

    private Losses losses() {
        return new Losses(id(), time(), counts(), counts(), unknown());
    }

    private TaskEnded taskEnded() {
        return new TaskEnded(
                id(),
                time(),
                one(TaskStatus.values()),
                maybe(() -> one(EndReason.values())),
                maybe(this::text),
                maybe(() -> random.nextInt(Integer.MAX_VALUE)),
                attachments(),
                unknown());
    }

    private Frame frame() {
        return new Frame(
                one(FrameRole.values()),
                flip() ? "frames/1-before.png" : "frames/a_b.C-9.webp",
                maybe(this::positive),
                maybe(this::positive),
                flip(),
                list(this::region),
                maybe(this::time),
                unknown());
    }

    private Screenshot screenshot() {
        return new Screenshot(
                one(FrameRole.values()),
                text(),
                text(),
                random.nextLong() & Long.MAX_VALUE,
                flip() ? 0 : Long.MAX_VALUE,
                positive(),
                positive(),
                text(),
                flip(),
                flip(),
                list(this::region),
                maybe(this::text),
                maybe(this::text),
                maybe(this::time),
                unknown());
    }

    private Region region() {
        return new Region(positive(), 0, positive(), positive());
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        list(() -> counts.put(text(), (long) positive()));
        return counts;
    }

    private Map<String, Object> unknown() {
        Map<String, Object> unknown = new HashMap<>();
        object(2).forEach((name, value) -> unknown.put("x_" + name, value));
        if (random.nextInt(9) == 0) {
            unknown.put("replaced_characters", value(0));
        }
        return unknown;
    }

    private Map<String, Object> object(int depth) {
        Map<String, @Nullable Object> object = new HashMap<>();
        list(() -> object.put(text(), value(depth)));
        return object;
    }

    private @Nullable Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> flip();
            case 2 -> one(NUMBERS);
            case 3 -> random.nextDouble();
            case 4, 5 -> text();
            case 6 -> list(() -> value(depth - 1));
            default -> object(depth - 1);
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(10); i > 0; i--) {
            text.appendCodePoint(character());
        }
        return text.toString();
    }

    /** Returns 1 to 200 characters. */
    private String name() {
        return flip() ? "x" + text() : "\uD83D\uDE00".repeat(200);
    }

    private String experiment() {
        String name = name().replaceAll("[\\p{Cc}/\\\\%]", "_");
        return flip() ? name : ".a/" + name.substring(0, name.offsetByCodePoints(0, 1));
    }

    private int character() {
        return switch (random.nextInt(5)) {
            case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
            case 1 -> 0x80 + random.nextInt(0xD800 - 0x80);
            case 2 -> 0xE000 + random.nextInt(0x10FFFF + 1 - 0xE000);
            default -> 0x20 + random.nextInt(0x7F - 0x20);
        };
    }

    private String unstorableText() {
        StringBuilder text = new StringBuilder(text());
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(flip() ? (char) 0 : (char) (0xD800 + random.nextInt(0x800)));
            text.append(flip() ? text() : "");
        }
        return text.toString();
    }

    private UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private Instant time() {
        long second = flip() ? random.nextInt() : (long) (random.nextDouble() * 315_537_897_600L) - 62_135_596_800L;
        return Instant.ofEpochSecond(second, flip() ? 0 : random.nextInt(1_000_000_000));
    }

    private int positive() {
        return flip() ? 1 + random.nextInt(3) : 1 + random.nextInt(Integer.MAX_VALUE);
    }

    private boolean flip() {
        return random.nextBoolean();
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return flip() ? value.get() : null;
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }
}
