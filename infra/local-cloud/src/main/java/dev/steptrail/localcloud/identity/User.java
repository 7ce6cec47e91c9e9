package dev.steptrail.localcloud.identity;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whoever somebody at this machine says to be. */
record User(String name, boolean admin) {
    /** As the API takes it for an owner. */
    private static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\p{Cs}]{1,256}");

    /** Nobody, if it is no name. */
    static Optional<User> named(@Nullable String name, boolean admin) {
        return name == null || name.isBlank() || !NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(new User(name.strip(), admin));
    }
}
