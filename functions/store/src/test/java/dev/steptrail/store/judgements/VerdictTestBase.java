package dev.steptrail.store.judgements;

import static dev.steptrail.store.TestRecords.message;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Base of tests with verdicts that are set with the login of the API, and with those that ingest writes. */
abstract class VerdictTestBase {
    static final TestDatabase DATABASE = TestDatabase.migrated();
    static final Database API = DATABASE.database(FunctionLogin.API);
    static final VerdictRepository VERDICTS = new VerdictRepository(API);
    static final DatabaseStepWriter WRITER = new DatabaseStepWriter(DATABASE.database(FunctionLogin.INGEST));
    static final String RESULT = "concat_ws(' ', coalesce(verdict, '-'), coalesce(verdict_source, '-'),"
            + " coalesce(claimed_success::text, '-'), coalesce(success::text, '-'))";

    static {
        new AgentRepository(DATABASE.database()).register(new Agent("sender", "alice", List.of()));
    }

    static void write(StepRecord... records) {
        WRITER.write(List.of(message("sender", records)));
    }

    static NewVerdict human(VerdictValue value) {
        return new NewVerdict(Verdict.SUCCESS, value, null, null, null);
    }

    static NewVerdict automatic(String evaluator, VerdictValue value) {
        return new NewVerdict(Verdict.SUCCESS, value, evaluator, "1", "because");
    }

    static Verdict sent(UUID task, Instant time, String evaluator, Label value) {
        return new Verdict(task, time, Verdict.SUCCESS, value, evaluator, "1", null, Map.of());
    }

    static String column(UUID task, String expression) {
        return DATABASE.value("SELECT " + expression + " FROM tasks WHERE task_id = '" + task + "'");
    }
}
