package dev.steptrail.cli.downloads;

import java.util.Map;

/**
 * The files of a task in a folder.
 *
 * @param names the names of the files by a key, including those that existed before
 * @param skipped the number of files that existed before
 * @param failures the reasons why files could not be saved, by file name
 */
public record SavedFiles(Map<String, String> names, int skipped, Map<String, String> failures) {}
