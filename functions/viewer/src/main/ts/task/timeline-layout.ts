import type { Step } from '../api/types.ts';

/** A step on the timeline: its start and end as shares of the width, from 0 to 1. */
export interface StepSpan {
  readonly start: number;
  readonly end: number;
}

export interface TimelineLayout {
  readonly spans: readonly StepSpan[];
  /** The middle of each pause that is drawn shorter than it was, as a share of the width. */
  readonly shortenedPauses: readonly number[];
}

/** A pause longer than this multiple of the median step is shortened to it. */
const MAX_PAUSE = 10;
/** The shortest step that can still be seen and hit, as a share of the median step. */
const MIN_STEP = 0.15;
const MIN_MEDIAN_MS = 1;

/**
 * Places steps on a timeline by the time at which they were recorded. A step ends at its timestamp and starts its duration earlier, but
 * not before the previous step ended: clocks may go backwards, and durations may be unknown.
 */
export function layOutTimeline(steps: readonly Pick<Step, 'timestamp' | 'duration_ms'>[]): TimelineLayout {
  const ends = steps.map(({ timestamp }) => Date.parse(timestamp));
  const lengths = steps.map(({ duration_ms: duration }, index) => {
    const sincePrevious = (ends[index] ?? 0) - (ends[index - 1] ?? ends[index] ?? 0);
    return Math.max(0, duration ?? sincePrevious);
  });
  const median = Math.max(MIN_MEDIAN_MS, medianOf(lengths.filter((length) => length > 0)));
  const spans: { start: number; end: number }[] = [];
  const pauses: number[] = [];
  let position = 0;
  let previousEnd = ends[0] === undefined ? 0 : ends[0] - (lengths[0] ?? 0);
  steps.forEach((_, index) => {
    const end = Math.max(previousEnd, ends[index] ?? previousEnd);
    const length = Math.min(lengths[index] ?? 0, end - previousEnd);
    const pause = end - previousEnd - length;
    const drawnPause = Math.min(pause, MAX_PAUSE * median);
    if (drawnPause < pause) {
      pauses.push(position + drawnPause / 2);
    }
    const start = position + drawnPause;
    position = start + Math.max(length, MIN_STEP * median);
    spans.push({ start, end: position });
    previousEnd = end;
  });
  const total = Math.max(position, MIN_MEDIAN_MS);
  return {
    spans: spans.map(({ start, end }) => ({ start: start / total, end: end / total })),
    shortenedPauses: pauses.map((pause) => pause / total),
  };
}

/** Returns the index of the step at a place, or of the last one before it. */
export function indexAt({ spans }: TimelineLayout, share: number): number {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((spans[middle]?.start ?? 0) <= share) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

function medianOf(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
