import { deepEqual } from 'node:assert/strict';
import { test, type mock } from 'node:test';
import type { ScreenshotLoader } from '../screenshots/screenshot-loader.ts';
import type { StepScreenshot } from '../steps.ts';
import { ScreenshotDrawing } from './screenshot-drawing.ts';

const FIRST = { stepNumber: 1, role: 'before' } as StepScreenshot;
const SECOND = { stepNumber: 2, role: 'before' } as StepScreenshot;

/** Requests that the test answers, and what is drawn: the step, `thumbnail` or `screenshot`, and messages. */
function drawingOf({ decoded = [] }: { decoded?: readonly StepScreenshot[] } = {}) {
  const drawn: string[] = [];
  const answers = new Map<string, (bitmap: ImageBitmap | null) => void>();
  const failures = new Map<string, (error: Error) => void>();
  const request = (kind: string, { stepNumber }: StepScreenshot) => new Promise<ImageBitmap | null>((resolve, reject) => {
    answers.set(`${kind} ${stepNumber}`, resolve);
    failures.set(`${kind} ${stepNumber}`, reject);
  });
  let current = FIRST;
  let shown: StepScreenshot | null = null;
  const loader = {
    thumbnailIfDecoded: (screenshot: StepScreenshot) => (decoded.includes(screenshot) ? {} : null),
    isThumbnailLoaded: () => false,
    isLoaded: () => false,
    thumbnail: (screenshot: StepScreenshot) => request('thumbnail', screenshot),
    bitmap: (screenshot: StepScreenshot) => request('screenshot', screenshot),
  };
  const drawing = new ScreenshotDrawing({
    paint: (_, screenshot, width) => {
      shown = screenshot;
      drawn.push(`${width === null ? 'thumbnail' : `screenshot of ${width}`} ${screenshot.stepNumber}`);
    },
    clear: (_, state) => { drawn.push(state); },
    isShown: (screenshot) => screenshot === shown,
    isCurrentStepShown: () => shown === current,
    decodedWidth: () => 360,
  }, loader as unknown as ScreenshotLoader);
  let turn = new AbortController();
  const draw = (screenshot: StepScreenshot, isScrubbing: boolean) => {
    turn.abort();
    turn = new AbortController();
    current = screenshot;
    return drawing.draw(screenshot, isScrubbing, turn.signal);
  };
  const answer = async (name: string, bitmap: object | null = {}) => {
    answers.get(name)?.(bitmap as ImageBitmap | null);
    await new Promise(setImmediate);
  };
  const fail = async (name: string) => {
    failures.get(name)?.(new Error(name));
    await new Promise(setImmediate);
  };
  return { draw, drawn, answer, fail, requested: () => [...answers.keys()] };
}

function mockTimers(timers: typeof mock.timers): (milliseconds: number) => Promise<void> {
  timers.enable({ apis: ['setTimeout'] });
  return async (milliseconds) => {
    timers.tick(milliseconds);
    await new Promise(setImmediate);
  };
}

test('draw_thumbnailArrivesFirst_isReplacedByTheScreenshot', async (t) => {
  mockTimers(t.mock.timers);
  const { draw, drawn, answer } = drawingOf();
  const drawing = draw(FIRST, false);
  await answer('thumbnail 1');
  await answer('screenshot 1');
  await drawing;
  deepEqual(drawn, ['thumbnail 1', 'screenshot of 360 1']);
});

test('draw_nothingArrives_showsAMessageAfter150Milliseconds', async (t) => {
  const pass = mockTimers(t.mock.timers);
  const { draw, drawn, answer } = drawingOf();
  const drawing = draw(FIRST, false);
  await pass(149);
  deepEqual(drawn, []);
  await pass(1);
  deepEqual(drawn, ['loading']);
  await answer('screenshot 1');
  await drawing;
  deepEqual(drawn, ['loading', 'screenshot of 360 1']);
});

test('draw_deletedAndFailedScreenshots_showTheirMessages', async (t) => {
  mockTimers(t.mock.timers);
  const { draw, drawn, answer, fail } = drawingOf();
  const deleted = draw(FIRST, false);
  await answer('screenshot 1', null);
  await deleted;
  const failed = draw(SECOND, false);
  await fail('screenshot 2');
  await failed;
  deepEqual(drawn, ['deleted', 'failed']);
});

test('draw_whileScrubbing_loadsTheScreenshotOnlyWhenTheUserStays', async (t) => {
  const pass = mockTimers(t.mock.timers);
  const { draw, drawn, answer, requested } = drawingOf({ decoded: [FIRST, SECOND] });
  void draw(FIRST, true);
  await pass(89);
  const drawing = draw(SECOND, true);
  await pass(89);
  deepEqual(requested(), []);
  await pass(1);
  await answer('screenshot 2');
  await drawing;
  deepEqual(drawn, ['thumbnail 1', 'thumbnail 2', 'screenshot of 360 2']);
});

test('draw_lateThumbnailWhileScrubbing_isDrawnUnlessTheCurrentStepIsShown', async (t) => {
  const pass = mockTimers(t.mock.timers);
  const { draw, drawn, answer } = drawingOf();
  void draw(FIRST, true);
  void draw(SECOND, true);
  await answer('thumbnail 1');
  deepEqual(drawn, ['thumbnail 1']);

  const shown = drawingOf({ decoded: [SECOND] });
  void shown.draw(FIRST, true);
  void shown.draw(SECOND, true);
  await shown.answer('thumbnail 1');
  deepEqual(shown.drawn, ['thumbnail 2']);
  await pass(0);
});

test('draw_thumbnailAfterTheUserStopsScrubbing_isNotDrawn', async (t) => {
  mockTimers(t.mock.timers);
  const { draw, drawn, answer } = drawingOf();
  void draw(FIRST, true);
  void draw(SECOND, false);
  await answer('thumbnail 1');
  deepEqual(drawn, []);
});
