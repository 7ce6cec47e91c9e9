package dev.steptrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.Steptrail;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Error messages for mistyped commands, options and values. */
class SuggestionTest {
    private static final String TASK = "0190163d-8694-739b-aea5-966c26f8ad91";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            taks                       | unknown command 'taks' (did you mean 'tasks'?); see steptrail --help
            sail                       | unknown command 'sail'; see steptrail --help
            everything                 | unknown command 'everything'; see steptrail --help
            rejected rety 7            | unknown command 'rety' (did you mean 'retry'?); see steptrail rejected --help
            --hepl                     | unknown option '--hepl' (did you mean '--help'?); see steptrail --help
            tasks --statsu failed      | unknown option '--statsu' (did you mean '--status'?); see steptrail tasks --help
            tasks --statsu=failed      | unknown option '--statsu' (did you mean '--status'?); see steptrail tasks --help
            tasks -x                   | unknown option '-x'; see steptrail tasks --help
            steps --oder desc ID       | unknown option '--oder' (did you mean '--order'?); see steptrail steps --help
            tasks all                  | unexpected argument 'all'; see steptrail tasks --help
            tasks --limit many         | invalid value for option '--limit': 'many' is not an integer; see steptrail tasks --help
            steps x                    | invalid value for TASK: 'x' is not a task id (expected a lowercase UUID, as printed by steptrail tasks); see steptrail steps --help
            prices delete m --from now | invalid value for option '--from': 'now' is not a day (expected for example 2026-03-01); see steptrail prices delete --help
            verdicts delete ID abc     | invalid value for VERDICT: 'abc' is not an integer; see steptrail verdicts delete --help
            verdicts set ID 0.5        | the number 0.5 requires --name, such as --name efficiency; a verdict on success is pass, fail or unclear; see steptrail verdicts set --help
            verdicts set nonsense pass | 'nonsense' is not a task id; expected task ids and one value: pass, fail, unclear or a number; see steptrail verdicts set --help
            stats --group-by phone     | --group-by must be one of day, agent, model, device_id, step_type, action, tag, instruction, verdict, experiment, metadata.KEY, but is 'phone'; see steptrail stats --help
            stats --since yesterday    | invalid value for option '--since': 'yesterday' is not a day (expected for example 2026-03-01); see steptrail stats --help
            rejected retry             | missing required parameter: 'ID'; see steptrail rejected retry --help
            tasks --status faild       | --status must be one of running, succeeded, failed, cancelled, abandoned, archived, but is 'faild' (did you mean 'failed'?); see steptrail tasks --help
            export --status faild      | --status must be one of running, succeeded, failed, cancelled, abandoned, archived, but is 'faild' (did you mean 'failed'?); see steptrail export --help
            report ID --format htm     | --format must be one of json, md, csv, html, pdf, but is 'htm' (did you mean 'html'?); see steptrail report --help
            report ID --format x       | --format must be one of json, md, csv, html, pdf, but is 'x'; see steptrail report --help
            insights --kind flakey     | --kind must be one of expectation, flaky, regression, false_success, shorter_path, path_deviation, slow_step, similar_failures, failures_on_screen, frequent_sequence, but is 'flakey' (did you mean 'flaky'?); see steptrail insights --help
            """)
    void mistypedWord_isReportedWithTheMostSimilarOne(String arguments, String message) {
        StringWriter err = new StringWriter();

        int exitCode = Steptrail.run(
                Map.of(),
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                arguments.replace("ID", TASK).split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("steptrail: " + message + System.lineSeparator());
    }
}
