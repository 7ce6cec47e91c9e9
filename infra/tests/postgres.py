"""PostgreSQL servers for the tests, of the version that this machine has, and Steptrail's migrations on them."""
import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import zipfile

import pytest

import cloud
import ports

# Debian and its derivatives do not have the server's programs in the PATH.
_PLACES = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)

# Calls the handler as Lambda does. The JDK runs the source file without a build.
_MIGRATE = """
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.steptrail.operations.MigrateHandler;
import java.lang.reflect.Proxy;
import java.util.Map;

class Migrate {
    public static void main(String[] arguments) {
        ClassLoader loader = Migrate.class.getClassLoader();
        Object logger = Proxy.newProxyInstance(loader, new Class<?>[] {LambdaLogger.class}, (proxy, method, values) -> {
            System.err.println(values[0] instanceof byte[] bytes ? new String(bytes) : values[0]);
            return null;
        });
        Object context = Proxy.newProxyInstance(loader, new Class<?>[] {Context.class}, (proxy, method, values) ->
            method.getReturnType() == LambdaLogger.class ? logger : method.getReturnType() == String.class ? "$LATEST" : (Object) 0);
        System.out.println(new MigrateHandler(System.getenv()).handleRequest(Map.of(), (Context) context));
    }
}
"""


def program(name):
    found = shutil.which(name) or next((str(place / name) for place in _PLACES if (place / name).exists()), None)
    if not found:
        raise FileNotFoundError(f"{name} is not installed (Debian: apt-get install postgresql)")
    return found


def require():
    """Skips the test if this machine has no server; fails if CI is set."""
    try:
        program("initdb")
    except FileNotFoundError as e:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(e))


@contextlib.contextmanager
def server(password):
    """Starts a server with a database 'steptrail' that belongs to 'ann', a login with CREATEROLE that is not a superuser."""
    user = "nobody" if os.getuid() == 0 else None  # the server refuses to run as root
    with tempfile.TemporaryDirectory() as folder, ports.reserve() as port:
        data = os.path.join(folder, "data")
        secret = os.path.join(folder, "password")
        pathlib.Path(secret).write_text(password + "\n")
        if user:
            for path in (folder, secret):
                os.chown(path, pwd.getpwnam(user).pw_uid, -1)
        run = {"user": user, "cwd": folder, "check": True, "stdout": subprocess.DEVNULL}
        subprocess.run([program("initdb"), "--pgdata", data, "--username=postgres", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"], **run)
        subprocess.run([program("pg_ctl"), "start", "--wait", "--pgdata", data, "--log", os.path.join(folder, "log"), "--options",
                        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"], **run)

        def restart(*settings):
            file = os.path.join(data, "postgresql.auto.conf")
            pathlib.Path(file).write_text("".join(f"{setting}\n" for setting in settings))
            subprocess.run([program("pg_ctl"), "restart", "--wait", "--mode=fast", "--pgdata", data, "--log", os.path.join(folder, "log")], **run)

        try:
            found = Server(port, password)
            found.restart = restart
            literal = password.replace("'", "''")
            found.execute(f"CREATE ROLE ann LOGIN CREATEROLE PASSWORD '{literal}'", user="postgres", database="postgres")
            found.execute("CREATE DATABASE steptrail OWNER ann", user="postgres", database="postgres")
            found.execute("ALTER SCHEMA public OWNER TO ann", user="postgres")
            yield found
        finally:
            subprocess.run([program("pg_ctl"), "stop", "--mode=immediate", "--pgdata", data], **run)


class Server:
    def __init__(self, port, password):
        self.port = port
        self.password = password
        self.jdbc_url = f"jdbc:postgresql://127.0.0.1:{port}/steptrail"
        self.url = f"postgresql://ann@127.0.0.1:{port}/steptrail"

    def execute(self, sql, user="ann", password=None, database="steptrail"):
        """Runs SQL, and returns its output."""
        environment = {**os.environ, "PGPASSWORD": password or self.password}
        done = subprocess.run([program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port), "-U",
                               user, "-d", database, "-c", sql], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def migrate(self, account, stack, folder):
        """Runs the stack's migrate function on this server."""
        libraries = folder / "operations"
        if not libraries.exists():
            with zipfile.ZipFile(cloud.CHECKOUT / "functions/operations/target/operations.zip") as zipped:
                zipped.extractall(libraries)
        source = folder / "Migrate.java"
        source.write_text(_MIGRATE)
        secret = f"/steptrail/{stack}/database-password"
        account.client("ssm").put_parameter(Name=secret, Value=self.password, Type="SecureString", Overwrite=True)
        environment = account.environment(
            AWS_ENDPOINT_URL_SSM=account.endpoint, STEPTRAIL_STACK=stack, STEPTRAIL_DATABASE_URL=self.jdbc_url, STEPTRAIL_DATABASE_USER="ann",
            STEPTRAIL_DATABASE_AUTH="parameter", STEPTRAIL_DATABASE_PASSWORD_PARAMETER=secret,
            STEPTRAIL_LOGIN_PARAMETERS=f"/steptrail/{stack}/database/", STEPTRAIL_INGEST_CONCURRENCY="2", STEPTRAIL_API_CONNECTIONS="5",
            STEPTRAIL_METRICS="all")
        done = subprocess.run([shutil.which("java"), "-cp", f"{libraries}/lib/*", str(source)], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, universal_newlines=True)
        assert done.returncode == 0, done.stdout
        return done.stdout
