package dev.steptrail.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Region;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The values of records have property tests in step-format, whose encoder this class uses. */
class JsonTextTest {
    @Test
    void regions_areObjects() {
        assertThat(JsonText.of(List.of(new Region(0, 1, 2, 3), new Region(4, 5, 6, 7))))
                .isEqualTo("[{\"x\":0,\"y\":1,\"width\":2,\"height\":3},{\"x\":4,\"y\":5,\"width\":6,\"height\":7}]");
    }

    @Test
    void sorted_ordersTheFieldsByName() {
        assertThat(JsonText.sorted(Map.of("b", 2L, "a", Arrays.asList("x", null, true), "c", 0.5)))
                .isEqualTo("{\"a\":[\"x\",null,true],\"b\":2,\"c\":0.5}");
    }
}
