package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
    private static Place of(String text) {
        return Objects.requireNonNull(Place.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1,", ",1", "1,2,3", "1,2,3,4,", "1,2,3,4,5", "-1,2", "1.5,2", "123456,1", "x,y", "1, 2"
            })
    void of_neitherPointNorSwipe_isNull(String text) {
        assertThat(Place.parse(text)).isNull();
    }

    @Property
    void squares_containAllPlacesWithinTheDistance(
            @ForAll @IntRange(max = 3000) int x,
            @ForAll @IntRange(max = 3000) int y,
            @ForAll @IntRange(max = 15) int right,
            @ForAll @IntRange(max = 15) int down) {
        Place place = of(x + "," + y);
        Place beside = of(x + right + "," + (y + down));

        assertThat(place.isWithin(15, beside)).isTrue();
        assertThat(Arrays.stream(place.squares(15))).contains(beside.square(15));
        assertThat(Arrays.stream(beside.squares(15))).contains(place.square(15));
        Place swipe = of(x + "," + y + "," + y + "," + x);
        Place swipeBeside = of(x + right + "," + (y + down) + "," + (y + right) + "," + (x + down));
        assertThat(Arrays.stream(swipe.squares(15))).contains(swipeBeside.square(15));
        assertThat(Arrays.stream(swipeBeside.squares(15))).contains(swipe.square(15));
        assertThat(place.isWithin(15, of(x + 16 + "," + y))).isFalse();
        assertThat(place.isWithin(15, of(x + "," + y + ",1,1"))).isFalse();
    }
}
