@echo off
rem The steptrail command from a checkout, on Windows; builds it if that was not done yet.
setlocal
set "here=%~dp0"
if not exist "%here%cli\target\lib\cli.jar" (
  pushd "%here%.."
  call mvn -q -B -pl agent-client/cli -am package -DskipTests 1>&2
  popd
)
if not exist "%here%cli\target\lib\cli.jar" (
  echo steptrail: the build failed; it needs a JDK, 17 or later, and Maven, 3.8.7 or later 1>&2
  exit /b 1
)
set "STEPTRAIL_HOME=%here%cli\target"
call "%here%cli\src\main\bin\steptrail.cmd" %*
exit /b %errorlevel%
