@echo off
rem The steptrail command from a checkout, on Windows; builds it if that was not done yet.
setlocal
set "here=%~dp0"
if not exist "%here%shipper\target\shipper.jar" (
  pushd "%here%.."
  call mvn -q -B -pl agent-client/shipper -am package -DskipTests 1>&2
  popd
)
if not exist "%here%shipper\target\shipper.jar" (
  echo steptrail: the build failed; it needs a JDK, 17 or later, and Maven, 3.8.7 or later 1>&2
  exit /b 1
)
set "java_command=java"
if defined JAVA_HOME set "java_command=%JAVA_HOME%\bin\java"
"%java_command%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "%here%shipper\target\shipper.jar;%here%shipper\target\lib\*" dev.steptrail.shipper.command.Steptrail %*
exit /b %errorlevel%
