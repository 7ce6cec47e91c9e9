package dev.steptrail.stepformat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValuesTest {
    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource("values")
    void copy_value_isNormalized(Object given, Object normal) {
        Object copied = copy(given);

        assertThat(copied).isEqualTo(normal);
        assertThat(copied == null ? null : copied.getClass()).isEqualTo(normal == null ? null : normal.getClass());
    }

    static List<Arguments> values() {
        return List.of(
                Arguments.of(null, null),
                Arguments.of(true, true),
                Arguments.of("快", "快"),
                Arguments.of('x', "x"),
                Arguments.of(new StringBuilder("text"), "text"),
                Arguments.of((byte) 1, 1),
                Arguments.of((short) -1, -1),
                Arguments.of(7L, 7),
                Arguments.of(1L << 31, 1L << 31),
                Arguments.of(BigInteger.TEN, 10),
                Arguments.of(BigInteger.ONE.shiftLeft(63), BigInteger.ONE.shiftLeft(63)),
                Arguments.of(BigInteger.ONE.shiftLeft(63).negate(), Long.MIN_VALUE),
                Arguments.of(BigInteger.TEN.pow(400), "1" + "0".repeat(400)),
                Arguments.of(new AtomicLong(3), 3),
                Arguments.of(0.1, new BigDecimal("0.1")),
                Arguments.of(0.1f, new BigDecimal("0.1")),
                Arguments.of(1.0, new BigDecimal("1.0")),
                Arguments.of(1e10, 10_000_000_000L),
                Arguments.of(-0.0, new BigDecimal("0.0")),
                Arguments.of(Double.MIN_VALUE, new BigDecimal("4.9E-324")),
                Arguments.of(Double.NaN, "NaN"),
                Arguments.of(Float.NEGATIVE_INFINITY, "-Infinity"),
                Arguments.of(new BigDecimal("1E+3"), 1000),
                Arguments.of(new BigDecimal("1.50"), new BigDecimal("1.50")),
                Arguments.of(new BigDecimal("1E+400"), "1E+400"),
                Arguments.of(new BigDecimal("1E-401"), "1E-401"),
                Arguments.of(new BigDecimal("1E+999999999"), "1E+999999999"),
                Arguments.of(FrameRole.AFTER, "AFTER"),
                Arguments.of(Path.of("a", "b"), Path.of("a", "b").toString()),
                Arguments.of(Instant.EPOCH, "1970-01-01T00:00:00Z"),
                Arguments.of(new UUID(0, 0), "00000000-0000-0000-0000-000000000000"));
    }

    @Property
    void parseNumber_wholeNumber_usesSmallestType(@ForAll long number) {
        Object value = number == (int) number ? (Object) (int) number : (Object) number;

        assertThat(JsonValues.parseNumber(Long.toString(number))).isEqualTo(value);
        assertThat(JsonValues.parseNumber(number + ".0")).isEqualTo(new BigDecimal(number + ".0"));
        assertThat(JsonValues.parseNumber(number + "e0")).isEqualTo(value);
    }

    @Test
    void copy_arraysAndCollections_becomeLists() {
        assertThat(copy(new int[] {1, 2})).isEqualTo(List.of(1, 2));
        assertThat(copy(new String[] {"a"})).isEqualTo(List.of("a"));
        assertThat(copy(new double[][] {{0.5}, {}})).isEqualTo(List.of(List.of(new BigDecimal("0.5")), List.of()));
        assertThat(copy(Set.of('c'))).isEqualTo(List.of("c"));
        assertThat(copy(Map.of(1, "one"))).isEqualTo(Map.of("1", "one"));
    }

    @Test
    void copy_preservesOrderAndNulls_andIsUnmodifiable() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("z", null);
        given.put("a", new ArrayList<>(List.of(1)));
        Map<String, Object> copy = JsonValues.copyOf(given);
        given.clear();

        assertThat(copy).containsExactly(entry("z", null), entry("a", List.of(1)));
        assertThat(copy.get("a")).isEqualTo(List.of(1));
        assertThat(copy.containsKey("z")).isTrue();
        assertThat(copy.containsKey("b")).isFalse();
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> copy.put("b", 1));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(copy::clear);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> ((List<?>) copy.get("a")).clear());
    }

    @Property(tries = 300)
    void copy_anyNumberOfFields_equalsOriginal(
            @ForAll @Size(max = 20) Map<@AlphaChars @StringLength(max = 2) String, Integer> fields) {
        Map<String, Integer> given = new LinkedHashMap<>(fields);
        Map<String, Object> copy = JsonValues.copyOf(given);

        assertThat(copy).isEqualTo(given).hasSameHashCodeAs(given).hasToString(given.toString());
        assertThat(List.copyOf(copy.keySet())).isEqualTo(List.copyOf(given.keySet()));
        given.forEach((name, value) -> assertThat(copy.get(name)).isEqualTo(value));
        assertThat(copy.get("absent")).isNull();
        assertThat(copy.containsKey(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 9, 20})
    void copy_namesWithEqualText_usesLastValueAtFirstPosition(int names) {
        Map<Object, Object> given = new LinkedHashMap<>();
        for (int name = 0; name < names; name++) {
            given.put(name, name);
        }
        given.put("0", "again");

        Map<String, Object> copy = JsonValues.copyOf(given);

        assertThat(copy).hasSize(names).containsEntry("1", 1);
        assertThat(copy.entrySet().iterator().next()).isEqualTo(entry("0", "again"));
    }

    @Test
    void copy_collectionWithWrongSize_copiesAllElements() {
        for (int size : new int[] {-5, 0, 2, 3, 4, Integer.MAX_VALUE}) {
            assertThat(copy(new AbstractCollection<Integer>() {
                        @Override
                        public Iterator<Integer> iterator() {
                            return List.of(1, 2, 3).iterator();
                        }

                        @Override
                        public int size() {
                            return size;
                        }
                    }))
                    .isEqualTo(List.of(1, 2, 3));
        }
    }

    @Test
    void copy_nameOver10000Characters_isTruncated() throws Exception {
        Map<String, Object> copy = JsonValues.copyOf(Map.of("x".repeat(10_001), Map.of("y".repeat(70_000), 1)));

        assertThat(copy).isEqualTo(Map.of("x".repeat(10_000), Map.of("y".repeat(10_000), 1)));
    }

    @Test
    void copyOf_copy_isSameObject() {
        Map<String, Object> copy = JsonValues.copyOf(Map.of("a", 1));

        assertThat(JsonValues.copyOf(copy)).isSameAs(copy);
    }

    @Test
    void copy_mapThatContainsItself_isTruncated() throws Exception {
        Map<String, Object> map = new HashMap<>();
        map.put("self", map);

        assertThat(json(map)).contains(JsonValues.TRUNCATED).hasSizeLessThan(2_100);
    }

    @Test
    void copy_listsThatContainEachOther_areTruncatedQuickly() {
        List<Object> doubled = new ArrayList<>();
        doubled.add(doubled);
        doubled.add(doubled);

        String json = assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> json(Map.of("list", doubled, "map", Map.of("list", doubled))));

        assertThat(json).contains(JsonValues.TRUNCATED);
    }

    @Test
    void copy_nestingOver190Levels_isTruncated() throws Exception {
        assertThat(json(nested(189))).doesNotContain(JsonValues.TRUNCATED);
        assertThat(json(nested(190))).contains(JsonValues.TRUNCATED);
    }

    @Test
    void copy_listOfTooManyValues_isTruncatedWithMarker() throws Exception {
        List<?> list = (List<?>) roundTrip(Map.of("pixels", new byte[200_000])).get("pixels");

        assertThat(list).hasSize(JsonValues.MAX_VALUES);
        assertThat(list.get(list.size() - 1)).isEqualTo(JsonValues.TRUNCATED);
    }

    private static Map<String, Object> nested(int lists) {
        Object value = 1;
        for (int i = 0; i < lists; i++) {
            value = List.of(value);
        }
        return Map.of("nested", value);
    }

    /** Encodes and decodes a step with {@code unknown} in its frame, the deepest possible position, and returns it. */
    private static Map<String, Object> roundTrip(Map<String, Object> unknown) throws InvalidRecordException {
        Step step = step(unknown);
        Step decoded = (Step) RecordCodec.decode(RecordCodec.encode(step));
        assertThat(decoded).isEqualTo(step);
        return decoded.frames().get(0).unknown();
    }

    /** Returns the JSON of such a step after encoding and decoding. */
    private static String json(Map<String, Object> unknown) throws InvalidRecordException {
        return new String(RecordCodec.encode(step(roundTrip(unknown))), StandardCharsets.UTF_8);
    }

    private static Step step(Map<String, Object> unknown) {
        Frame frame = new Frame(FrameRole.BEFORE, "frames/1.png", null, null, false, List.of(), null, unknown);
        return new TaskRecords(new UUID(0, 0)).step(1, null, frame);
    }

    private static Object copy(Object value) {
        Map<String, Object> map = new HashMap<>();
        map.put("value", value);
        return JsonValues.copyOf(map).get("value");
    }
}
