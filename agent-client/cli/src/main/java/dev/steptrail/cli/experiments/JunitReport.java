package dev.steptrail.cli.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes the result of a gate as JUnit XML, in the format of <a
 * href="https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd">Surefire</a>: a test for each
 * condition and each case. The file contains a failure or an error exactly if the gate does not pass.
 */
final class JunitReport {
    /** Characters that XML 1.0 cannot contain. */
    private static final Pattern INVALID =
            Pattern.compile("[^\\x09\\x0A\\x0D\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    /**
     * A test of the report.
     *
     * @param element {@code failure}, {@code error} or {@code skipped}; null if the test passed
     * @param type the type of the failure or error
     * @param message describes the outcome
     */
    private record TestCase(
            String className,
            String name,
            double seconds,
            @Nullable String element,
            String type,
            String message) {}

    private JunitReport() {}

    /** Returns the file in UTF-8. */
    static byte[] of(Gate gate) {
        List<TestCase> tests = new ArrayList<>();
        for (Gate.Condition condition : gate.conditions()) {
            tests.add(new TestCase(
                    "gate",
                    "--" + condition.option(),
                    0,
                    condition.isMet() ? null : "failure",
                    condition.option(),
                    condition.text()));
        }
        if (Gate.outcomes(gate.results()) == 0) {
            tests.add(new TestCase("gate", "outcomes", 0, "error", "too_few", "no task has an outcome"));
        }
        for (JsonNode row : gate.cases()) {
            tests.add(test(gate, row));
        }
        ByteArrayOutputStream xml = new ByteArrayOutputStream();
        try {
            write(gate.experimentName(), tests, xml);
        } catch (XMLStreamException e) {
            throw new IllegalStateException("failed to write XML to memory", e);
        }
        return xml.toByteArray();
    }

    /** Allowed regressions and few repeats that are allowed do not fail the gate, so they do not fail the test either. */
    private static TestCase test(Gate gate, JsonNode row) {
        String change = row.path("change").asText();
        String element = null;
        String type = change;
        if (change.equals("regression")) {
            element = gate.failsByRegressions() ? "failure" : null;
        } else if (Gate.hasTooFew(row)) {
            element = gate.allowsFew() ? "skipped" : "error";
            type = "too_few";
        }
        String message = (type.isEmpty() ? "" : type.replace('_', ' ') + ": ") + "passed " + gate.passed(row);
        double seconds = row.at("/results/mean_duration_ms").asDouble() / 1000;
        return new TestCase("case", ExperimentReader.caseName(row), seconds, element, type, message);
    }

    private static void write(String suite, List<TestCase> tests, ByteArrayOutputStream out) throws XMLStreamException {
        XMLStreamWriter xml =
                XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeStartElement("testsuite");
        attribute(xml, "name", suite);
        attribute(
                xml,
                "time",
                seconds(tests.stream().mapToDouble(TestCase::seconds).sum()));
        attribute(xml, "tests", String.valueOf(tests.size()));
        attribute(xml, "errors", count(tests, "error"));
        attribute(xml, "skipped", count(tests, "skipped"));
        attribute(xml, "failures", count(tests, "failure"));
        for (TestCase test : tests) {
            xml.writeStartElement("testcase");
            attribute(xml, "classname", test.className());
            attribute(xml, "name", test.name());
            attribute(xml, "time", seconds(test.seconds()));
            if (test.element() == null) {
                xml.writeStartElement("system-out");
                xml.writeCharacters(printable(test.message()));
            } else {
                xml.writeStartElement(test.element());
                attribute(xml, "message", test.message());
                if (!test.element().equals("skipped")) {
                    attribute(xml, "type", test.type());
                }
            }
            xml.writeEndElement();
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.flush();
    }

    private static String count(List<TestCase> tests, String element) {
        return String.valueOf(
                tests.stream().filter(test -> element.equals(test.element())).count());
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    private static void attribute(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, printable(value));
    }

    private static String printable(String text) {
        return INVALID.matcher(text).replaceAll("?");
    }
}
