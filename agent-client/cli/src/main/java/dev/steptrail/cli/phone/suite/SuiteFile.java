package dev.steptrail.cli.phone.suite;

import dev.steptrail.cli.evaluate.Rule;
import dev.steptrail.cli.evaluate.RuleSet;
import dev.steptrail.cli.judging.ExternalProgram;
import dev.steptrail.cli.phone.suite.Suite.Case;
import dev.steptrail.cli.phone.suite.Suite.DeviceChoice;
import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.tracker.internal.outbox.BrokenImageException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a suite from a YAML file. {@code docs/suites.md} describes the fields. */
final class SuiteFile {
    private static final String BEFORE_EACH = "before_each";
    private static final String PREPARATIONS = "must be home, none or {command: [./reset.sh]}";
    private static final int MAX_REPEATS = 1_000;
    private static final long MAX_PICTURE_BYTES = 64L * 1024 * 1024;
    private static final int DEFAULT_TIMEOUT_SECONDS = 60;
    private static final int MAX_TIMEOUT_SECONDS = 3_600;

    private final Path file;

    private SuiteFile(Path file) {
        this.file = file;
    }

    /**
     * Reads a suite.
     *
     * @param limits apply where the file sets none
     * @throws SuiteFileException if the file does not exist or is not valid
     */
    static Suite read(Path file, Limits limits) throws IOException {
        return new SuiteFile(file).suite(YamlMapping.read(file), limits);
    }

    private Suite suite(YamlMapping root, Limits defaultLimits) throws IOException {
        String experiment = root.text("experiment");
        if (experiment != null && !ExperimentCase.isName(experiment)) {
            throw root.error(
                    "experiment",
                    "must have at most " + ExperimentCase.MAX_LENGTH + " characters, and " + ExperimentCase.NAME_RULE
                            + ", but is '" + experiment + "'");
        }
        DeviceChoice devices = devices(root);
        Preparation beforeEach = beforeEach(root);
        YamlMapping attributes = root.mapping("attributes");
        Limits limits = limits(root, defaultLimits);
        Integer repeats = root.integer("repeats", 1, MAX_REPEATS);
        List<Case> cases = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (YamlMapping one : root.mappings("cases")) {
            Case added = parseCase(one, Objects.requireNonNullElse(repeats, 1), limits);
            if (!ids.add(added.id())) {
                throw one.error("id", "is that of another case: '" + added.id() + "'");
            }
            cases.add(added);
        }
        root.requireNoOtherFields();
        if (cases.isEmpty()) {
            throw root.error("cases", "must contain at least one case");
        }
        return new Suite(experiment, devices, beforeEach, attributes == null ? Map.of() : attributes.scalars(), cases);
    }

    private static DeviceChoice devices(YamlMapping root) throws SuiteFileException {
        String devices = root.text("devices");
        if (devices == null || devices.equals("any")) {
            return DeviceChoice.ANY;
        }
        if (!devices.equals("each")) {
            throw root.error("devices", "must be any or each, but is '" + devices + "'");
        }
        return DeviceChoice.EACH;
    }

    private static Preparation beforeEach(YamlMapping root) throws SuiteFileException {
        YamlMapping program = root.isMapping(BEFORE_EACH) ? root.mapping(BEFORE_EACH) : null;
        if (program != null) {
            Preparation preparation = Preparation.byProgram(command(program, "[./reset.sh]"), timeout(program));
            program.requireNoOtherFields();
            return preparation;
        }
        if (root.has(BEFORE_EACH) && !root.isText(BEFORE_EACH)) {
            throw root.error(BEFORE_EACH, PREPARATIONS);
        }
        String state = root.text(BEFORE_EACH);
        if (state == null || state.equals("home")) {
            return Preparation.HOME;
        }
        if (!state.equals("none")) {
            throw root.error(BEFORE_EACH, PREPARATIONS + ", but is '" + state + "'");
        }
        return Preparation.NONE;
    }

    /** @param defaults apply to the limits that the mapping does not set */
    private static Limits limits(YamlMapping mapping, Limits defaults) throws SuiteFileException {
        Integer steps = mapping.integer("max_steps", 1, Integer.MAX_VALUE);
        Integer seconds = mapping.integer("max_seconds", 1, Integer.MAX_VALUE);
        Integer tokens = mapping.integer("max_tokens", 1, Integer.MAX_VALUE);
        BigDecimal cost = mapping.positive("max_cost");
        return new Limits(
                steps == null ? defaults.steps() : steps,
                seconds == null ? defaults.time() : Duration.ofSeconds(seconds),
                tokens == null ? defaults.tokens() : Long.valueOf(tokens),
                cost == null ? defaults.cost() : cost);
    }

    private Case parseCase(YamlMapping mapping, int defaultRepeats, Limits defaultLimits) throws IOException {
        String id = mapping.requireText("id");
        if (id.codePointCount(0, id.length()) > ExperimentCase.MAX_LENGTH) {
            throw mapping.error("id", "must have at most " + ExperimentCase.MAX_LENGTH + " characters");
        }
        String instruction = mapping.requireText("instruction");
        Integer repeats = mapping.integer("repeats", 1, MAX_REPEATS);
        Limits limits = limits(mapping, defaultLimits);
        CaseEvaluator evaluator = evaluator(mapping);
        mapping.requireNoOtherFields();
        return new Case(id, instruction, Objects.requireNonNullElse(repeats, defaultRepeats), limits, evaluator);
    }

    private @Nullable CaseEvaluator evaluator(YamlMapping mapping) throws IOException {
        YamlMapping rules = mapping.mapping("expect");
        YamlMapping program = mapping.mapping("evaluator");
        if (rules != null && program != null) {
            throw mapping.error("evaluator", "is not allowed together with expect: a case has one evaluator");
        }
        if (program != null) {
            return program(program);
        }
        return rules == null ? null : new CaseEvaluator.ByRules(rules(rules));
    }

    private RuleSet rules(YamlMapping mapping) throws IOException {
        String screen = mapping.text("screen");
        Integer distance = mapping.integer("max_distance", 0, Rule.HASH_BITS);
        if (distance != null && screen == null) {
            throw mapping.error("max_distance", "requires screen");
        }
        List<Rule> rules = Rule.list(
                mapping.text("app"),
                mapping.text("message"),
                screen == null ? null : perceptualHash(mapping, screen),
                distance,
                mapping.integer("max_steps", 0, Integer.MAX_VALUE),
                mapping.flag("no_failed_step_after_success"));
        mapping.requireNoOtherFields();
        if (rules.isEmpty()) {
            throw mapping.error("app", "or another rule is missing");
        }
        return new RuleSet(rules);
    }

    /** @param picture the path of a picture, relative to the folder of the suite */
    private String perceptualHash(YamlMapping mapping, String picture) throws IOException {
        Path path = file.resolveSibling(picture);
        try {
            if (!Files.isRegularFile(path) && Files.exists(path)) {
                throw mapping.error("screen", "must be a file, but " + path + " is not");
            } else if (Files.size(path) > MAX_PICTURE_BYTES) {
                throw mapping.error("screen", "must have at most " + MAX_PICTURE_BYTES + " bytes: " + path);
            }
            return WebpEncoder.computePerceptualHash(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            throw mapping.error("screen", "names a picture that does not exist: " + path);
        } catch (BrokenImageException e) {
            throw mapping.error("screen", "must be a WebP, PNG or JPEG picture, but " + path + " is not");
        }
    }

    private static CaseEvaluator program(YamlMapping mapping) throws SuiteFileException {
        List<String> command = command(mapping, "[python3, judge.py]");
        String name = mapping.requireText("name");
        String version = mapping.requireText("version");
        ExternalProgram program = new ExternalProgram(command, timeout(mapping));
        mapping.requireNoOtherFields();
        requireVerdictName(mapping, "name", name);
        requireVerdictName(mapping, "version", version);
        return new CaseEvaluator.ByProgram(name, version, program);
    }

    private static List<String> command(YamlMapping mapping, String example) throws SuiteFileException {
        List<String> command = mapping.requireCommand("command", example);
        if (!ExternalProgram.isExecutable(command.get(0), System.getenv())) {
            throw mapping.error("command", "names no executable file: '" + command.get(0) + "'");
        }
        return command;
    }

    private static Duration timeout(YamlMapping mapping) throws SuiteFileException {
        Integer seconds = mapping.integer("timeout", 1, MAX_TIMEOUT_SECONDS);
        return Duration.ofSeconds(Objects.requireNonNullElse(seconds, DEFAULT_TIMEOUT_SECONDS));
    }

    private static void requireVerdictName(YamlMapping mapping, String field, String name) throws SuiteFileException {
        if (name.codePointCount(0, name.length()) > Verdict.MAX_EVALUATOR_LENGTH) {
            throw mapping.error(field, "must have at most " + Verdict.MAX_EVALUATOR_LENGTH + " characters");
        }
    }
}
