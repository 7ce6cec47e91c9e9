/** As many characters as the service takes. */
const LONGEST = 1024;

/** What was asked of an agent, as the service looks for it: in one line, whose spaces do not count there. */
export function asked(text) {
  return [...text.replace(/[\s\p{Cc}]+/gu, ' ').trim()].slice(0, LONGEST).join('');
}

/** The page with what runs teach: all of it, or of one task, or of one kind. */
export function insightsAddress({ instruction: text = '', kind = '' }) {
  const search = new URLSearchParams(Object.entries({ instruction: asked(text), kind }).filter(([, value]) => value));
  return search.size ? `/insights?${search}` : '/insights';
}
