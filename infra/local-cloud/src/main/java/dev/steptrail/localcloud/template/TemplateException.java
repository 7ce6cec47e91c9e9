package dev.steptrail.localcloud.template;

/** The template says something that the local cloud cannot honour; the message names where and what. */
public class TemplateException extends RuntimeException {
    public TemplateException(String message) {
        super(message);
    }
}
