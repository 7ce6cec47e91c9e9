@echo off
rem The steptrail command from a checkout, on Windows; builds it if that was not done yet.
setlocal
set "here=%~dp0"
set "maven=mvn"
where mvn >nul 2>&1 || set maven="%here%..\mvnw.cmd"
if not exist "%here%cli\target\lib\cli.jar" (
  pushd "%here%.."
  call %maven% -q -B -pl agent-client/cli -am package -DskipTests 1>&2
  popd
)
if not exist "%here%cli\target\lib\cli.jar" (
  echo steptrail: the build failed; it needs a JDK, 17 or later 1>&2
  exit /b 1
)
set "STEPTRAIL_HOME=%here%cli\target"
call "%here%cli\src\main\bin\steptrail.cmd" %*
exit /b %errorlevel%
