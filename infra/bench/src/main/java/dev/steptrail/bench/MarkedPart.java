package dev.steptrail.bench;

/** A part of a page that a program writes, between marks that a person who reads the page does not see. */
public final class MarkedPart {
    private MarkedPart() {}

    /**
     * The page with the part of this name replaced, or added at the end.
     *
     * @param part whole lines
     */
    public static String with(String page, String name, String part) {
        String begin = "<!-- " + name + " -->\n";
        String end = "<!-- end of " + name + " -->\n";
        String marked = begin + part + end;
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            return page.stripTrailing() + "\n\n" + marked;
        }
        return page.substring(0, from) + marked + page.substring(to + end.length());
    }
}
