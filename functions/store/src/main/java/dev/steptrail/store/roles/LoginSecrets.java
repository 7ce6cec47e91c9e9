package dev.steptrail.store.roles;

import static dev.steptrail.store.roles.Identifiers.quote;

import dev.steptrail.store.jdbc.Session;
import java.sql.SQLException;
import org.postgresql.util.PasswordUtil;

/** Sets how the logins of a stack authenticate. */
final class LoginSecrets {
    /** Neon rejects the verifier of a password, because it stores the password itself. */
    private static final String PLAINTEXT_REQUIRED = "only supports being given plaintext passwords";

    private final Session session;
    private final RoleNames names;

    LoginSecrets(Session session, RoleNames names) {
        this.session = session;
        this.names = names;
    }

    /** Lets the logins authenticate with IAM tokens instead of passwords. */
    void allowIamAuthentication() throws SQLException {
        for (FunctionLogin login : FunctionLogin.values()) {
            session.execute("GRANT rds_iam TO " + quote(names.login(login)));
        }
    }

    /** Sends a SCRAM verifier, or the password itself if the server accepts only that. Must be a transaction's first. */
    void setPassword(FunctionLogin login, String password) throws SQLException {
        try {
            alterRole(login, PasswordUtil.encodeScramSha256(password.toCharArray()));
        } catch (SQLException e) {
            if (!String.valueOf(e.getMessage()).contains(PLAINTEXT_REQUIRED)) {
                throw e;
            }
            session.rollback();
            alterRole(login, password);
        }
    }

    private void alterRole(FunctionLogin login, String passwordOrVerifier) throws SQLException {
        session.execute("ALTER ROLE " + quote(names.login(login)) + " PASSWORD " + session.literal(passwordOrVerifier));
    }
}
