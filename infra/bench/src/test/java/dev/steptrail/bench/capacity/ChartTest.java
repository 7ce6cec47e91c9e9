package dev.steptrail.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ChartTest {
    private static final Chart CHART = new Chart(
            "Title",
            10,
            new Chart.Shade("away", 5, 10),
            List.of(new Chart.Panel("things", List.of(Chart.Line.of("some", DoubleStream.of(0, 30, 40))))));

    private static Document parsed() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(CHART.svg())));
    }

    @Test
    void aLine_goesFromTheLeftToTheRight_andItsGreatestValueIsOnTheScale() throws Exception {
        assertThat(paths(parsed())).contains("M70.0 220.0L420.0 107.5L770.0 70.0");
        assertThat(CHART.svg()).contains(">40</text>").contains(">10 min</text>");
    }

    private static List<String> paths(Document document) {
        var paths = document.getElementsByTagName("path");
        return java.util.stream.IntStream.range(0, paths.getLength())
                .mapToObj(i -> ((Element) paths.item(i)).getAttribute("d"))
                .toList();
    }

    @Test
    void theShade_coversItsTime() throws Exception {
        Element shade = (Element) parsed().getElementsByTagName("rect").item(0);

        assertThat(shade.getAttribute("x")).isEqualTo("420.0");
        assertThat(shade.getAttribute("width")).isEqualTo("350.0");
    }
}
