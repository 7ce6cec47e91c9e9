/**
 * Whether a step says this anywhere that a person reads, however it is capitalised.
 *
 * @param words those by which the page itself tells what was done
 */
export function found(step, text, words) {
  const wanted = text.toLowerCase();
  return [step.thinking, step.error_message, words, step.action, step.action_result]
    .some((value) => value !== null && value !== undefined
      && (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase().includes(wanted));
}

/** How a run ended, in a sentence; undefined for an ending that this page does not know. A failure with a message did not merely stop. */
export function endingText({ end_reason: ending, message }, t) {
  return t.ending[ending === 'ended_without_finish' && message ? 'failed_with_message' : ending];
}

const MOST = 200;

/** The text in parts, of which those match that say what is looked for; after 200 of them the rest is one part. */
export function split(text, wanted) {
  const [lower, lowerWanted] = [text.toLowerCase(), wanted.toLowerCase()];
  if (lower.length !== text.length) {
    return [{ text, isMatch: false }]; // a letter whose small form is longer: places would not fit
  }
  const parts = [];
  let from = 0;
  for (let at = lower.indexOf(lowerWanted); at >= 0 && parts.length < MOST; at = lower.indexOf(lowerWanted, from)) {
    if (at > from) {
      parts.push({ text: text.slice(from, at), isMatch: false });
    }
    from = at + wanted.length;
    parts.push({ text: text.slice(at, from), isMatch: true });
  }
  if (from < text.length) {
    parts.push({ text: text.slice(from), isMatch: false });
  }
  return parts;
}
