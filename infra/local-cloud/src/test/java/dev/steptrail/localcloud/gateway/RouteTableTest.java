package dev.steptrail.localcloud.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.localcloud.template.Template.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private final RouteTable routes = new RouteTable(List.of(
            route("ANY", "$default"),
            route("ANY", "/pets/{proxy+}"),
            route("GET", "/pets/{id}"),
            route("ANY", "/pets/{id}"),
            route("GET", "/pets/{id}/toys/{toy}"),
            route("GET", "/pets/mine")));

    @ParameterizedTest
    @CsvSource({
        "GET, /pets/mine, GET /pets/mine",
        "GET, /pets/6, GET /pets/{id}",
        "POST, /pets/mine, ANY /pets/{id}",
        "GET, /pets/6/toys/7, GET /pets/{id}/toys/{toy}",
        "POST, /pets/6/toys/7, ANY /pets/{proxy+}",
        "GET, /pets/6/, ANY /pets/{proxy+}",
        "GET, /pets/, $default",
        "GET, /pets, $default",
        "GET, /, $default"
    })
    void find_returnsTheMostSpecificRoute(String method, String path, String key) {
        assertThat(routes.find(method, path)).map(match -> match.route().key()).hasValue(key);
    }

    @Test
    void find_returnsThePathVariables() {
        assertThat(routes.find("GET", "/pets/6/toys/7"))
                .map(RouteTable.Match::pathParameters)
                .hasValue(Map.of("id", "6", "toy", "7"));
        assertThat(routes.find("PUT", "/pets/a/b/c"))
                .map(RouteTable.Match::pathParameters)
                .hasValue(Map.of("proxy", "a/b/c"));
    }

    @Test
    void find_withoutADefault_returnsEmpty() {
        assertThat(new RouteTable(List.of(route("GET", "/a"))).find("POST", "/a"))
                .isEmpty();
    }

    private static Route route(String method, String path) {
        return new Route(method, path, "Function", null);
    }
}
