package dev.steptrail.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.JsonValues;
import dev.steptrail.stepformat.Region;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static final JsonMapper DATABIND = JsonMapper.builder().build();

    @Property(tries = 300)
    void anyValueOfARecord_isWrittenAsByDatabind(@ForAll("objects") Map<String, Object> object) throws Exception {
        Map<String, Object> held = JsonValues.copyOf(object);

        assertThat(JsonText.of(held)).isEqualTo(DATABIND.writeValueAsString(held));
    }

    @Test
    void regions_areWrittenAsByDatabind() throws Exception {
        List<Region> regions = List.of(new Region(0, 1, 2, 3), new Region(4, 5, 6, 7));

        assertThat(JsonText.of(regions)).isEqualTo(DATABIND.writeValueAsString(regions));
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        Arbitrary<Object> values = Arbitraries.lazyOf(
                () -> Arbitraries.strings().ofMaxLength(30).map(text -> (Object) text),
                () -> Arbitraries.of(true, false).map(flag -> (Object) flag),
                () -> Arbitraries.integers().map(number -> (Object) number),
                () -> Arbitraries.longs().map(number -> (Object) number),
                () -> Arbitraries.bigIntegers().map(number -> (Object) number),
                () -> Arbitraries.bigDecimals().map(number -> (Object) number),
                () -> Arbitraries.doubles().map(number -> (Object) number),
                () -> Arbitraries.just(null),
                () -> objects().map(object -> (Object) object),
                () -> Arbitraries.strings().ofMaxLength(5).list().ofMaxSize(4).map(list -> (Object) list));
        return Arbitraries.maps(Arbitraries.strings().ofMaxLength(8), values).ofMaxSize(4);
    }
}
