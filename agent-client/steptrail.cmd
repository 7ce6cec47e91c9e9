@echo off
rem The steptrail command from a checkout, on Windows; builds it if that was not done yet.
setlocal
set "here=%~dp0"
if not exist "%here%cli\target\cli.jar" (
  pushd "%here%.."
  call mvn -q -B -pl agent-client/cli -am package -DskipTests 1>&2
  popd
)
if not exist "%here%cli\target\cli.jar" (
  echo steptrail: the build failed; it needs a JDK, 17 or later, and Maven, 3.8.7 or later 1>&2
  exit /b 1
)
set "java_command=java"
if defined JAVA_HOME set "java_command=%JAVA_HOME%\bin\java"
"%java_command%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "%here%cli\target\cli.jar;%here%cli\target\lib\*" dev.steptrail.cli.Steptrail %*
exit /b %errorlevel%
