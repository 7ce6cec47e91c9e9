package dev.steptrail.phone.adb;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A phone that the adb server knows.
 *
 * @param serial by which adb addresses the phone
 * @param state as adb names it: {@code device} for a usable phone, {@code unauthorized}, {@code offline}, {@code no
 *     permissions} and others
 * @param model such as {@code Pixel_8}; null if unknown
 * @param advice what is wrong and what to do; null for a usable phone
 */
public record AttachedPhone(
        String serial,
        String state,
        @Nullable String model,
        @Nullable String advice) {
    private static final String USABLE = "device";

    /** A serial, spaces, and the state with details; serials may contain spaces ({@code (no serial number)}). */
    private static final Pattern LINE = Pattern.compile(
            "(\\S.*?)\\s+(device|offline|unauthorized|authorizing|connecting|bootloader|recovery|rescue|sideload|host"
                    + "|detached|unknown|no permissions)(\\s.*|;.*)?");

    /** The adb server names the phone, as the message with this failure does already. */
    private static final Pattern NOT_FOUND = Pattern.compile("device '[^']*' not found");

    private static final Pattern MODEL = Pattern.compile("(?:^|\\s)model:(\\S+)");

    /** Returns whether commands can be sent to the phone. */
    public boolean usable() {
        return state.equals(USABLE);
    }

    /** Parses the answer of {@code host:devices-l}. Lines of another form are ignored. */
    static List<AttachedPhone> parse(String list) {
        List<AttachedPhone> phones = new ArrayList<>();
        for (String line : list.lines().toList()) {
            Matcher matcher = LINE.matcher(line.strip());
            if (matcher.matches()) {
                String details = matcher.group(3) == null ? "" : matcher.group(3);
                Matcher model = MODEL.matcher(details);
                String state = matcher.group(2);
                phones.add(new AttachedPhone(
                        matcher.group(1), state, model.find() ? model.group(1) : null, advice(state)));
            }
        }
        return phones;
    }

    /** Returns a failure's message with what to do, if that is known. */
    static String explain(Exception failure) {
        String message = String.valueOf(failure.getMessage()).strip();
        for (String state : List.of("unauthorized", "offline", "authorizing", "connecting", "no permissions")) {
            if (message.contains("device " + state)
                    || (state.equals("no permissions") && message.contains("insufficient permissions"))) {
                return state + ": " + advice(state);
            }
        }
        return NOT_FOUND.matcher(message).find()
                ? "not attached; 'steptrail devices' lists the attached phones"
                : message;
    }

    private static @Nullable String advice(String state) {
        return switch (state) {
            case USABLE -> null;
            case "unauthorized" ->
                "unlock the phone and confirm 'Allow USB debugging'; if it does not ask, revoke the authorizations in"
                        + " its developer options and reconnect it";
            case "offline" ->
                "reconnect the cable, or run 'adb disconnect' and 'adb connect' again for a phone in the network;"
                        + " if that does not help, switch USB debugging off and on";
            case "no permissions" ->
                "this user may not open the USB device: install the udev rules ('apt install"
                        + " android-sdk-platform-tools-common'), add the user to the group plugdev and reconnect the"
                        + " phone";
            case "authorizing", "connecting" -> "adb is still connecting; try again in a few seconds";
            default -> "the phone has not started Android (" + state + "); restart it";
        };
    }
}
