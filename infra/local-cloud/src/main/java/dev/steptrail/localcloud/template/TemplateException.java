package dev.steptrail.localcloud.template;

/** The template contains something that the local cloud does not support; the message names it and its place. */
public class TemplateException extends RuntimeException {
    public TemplateException(String message) {
        super(message);
    }
}
