package dev.steptrail.localcloud.template;

/** Thrown if a template is invalid or not supported. The message contains the place and the reason. */
public class TemplateException extends RuntimeException {
    public TemplateException(String message) {
        super(message);
    }
}
