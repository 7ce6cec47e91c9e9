/** One part of a step's duration, for a waterfall. */
export interface TimingBar {
  /** The recorder's name of the part without `_ms`, or `other` for the time that no part explains. */
  readonly name: string;
  readonly milliseconds: number;
  /** Shares of the width, from 0 to 1. */
  readonly start: number;
  readonly length: number;
}

/** The parts of a step in the order in which an agent runs them. Others follow in the order in which they were recorded. */
const ORDER = ['screenshot', 'preprocess', 'model', 'parse', 'action', 'wait'];
/** A part of the model's time, drawn inside it. */
const FIRST_TOKEN = 'time_to_first_token';

/**
 * Places the parts of a step one after the other. Returns an empty list if none are known.
 *
 * @param timings as recorded: any names, any values
 * @param durationMs the duration of the step; null if unknown
 */
export function timingBars(timings: Readonly<Record<string, unknown>> | null, durationMs: number | null): TimingBar[] {
  const parts = Object.entries(timings ?? {})
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= 0 && entry[0].endsWith('_ms'))
    .map(([name, milliseconds]) => ({ name: name.slice(0, -'_ms'.length), milliseconds }));
  const firstToken = parts.find(({ name }) => name === FIRST_TOKEN);
  const sequence = parts.filter(({ name }) => name !== FIRST_TOKEN).sort((a, b) => place(a.name) - place(b.name));
  const known = sequence.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const rest = (durationMs ?? 0) - known;
  if (sequence.length > 0 && rest > 0) {
    sequence.push({ name: 'other', milliseconds: rest });
  }
  const total = Math.max(1, known + Math.max(0, rest));
  let position = 0;
  return sequence.flatMap(({ name, milliseconds }) => {
    const bar = { name, milliseconds, start: position / total, length: milliseconds / total };
    position += milliseconds;
    return name === 'model' && firstToken !== undefined && firstToken.milliseconds <= milliseconds
      ? [bar, { name: FIRST_TOKEN, milliseconds: firstToken.milliseconds, start: bar.start, length: firstToken.milliseconds / total }]
      : [bar];
  });
}

function place(name: string): number {
  const index = ORDER.indexOf(name);
  return index < 0 ? ORDER.length : index;
}
