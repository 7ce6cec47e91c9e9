@echo off
rem Runs the steptrail command of an unpacked archive, or of STEPTRAIL_HOME, on Windows.
setlocal
set "home=%~dp0.."
if defined STEPTRAIL_HOME set "home=%STEPTRAIL_HOME%"
set "java_command=java"
if defined JAVA_HOME set "java_command=%JAVA_HOME%\bin\java"
"%java_command%" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 %STEPTRAIL_JAVA_OPTIONS% -cp "%home%\lib\*" dev.steptrail.cli.Steptrail %*
exit /b %errorlevel%
