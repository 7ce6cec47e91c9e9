import { deepEqual, equal } from 'node:assert/strict';
import { mock, test } from 'node:test';
import { DIFFERENCE, Playback } from './playback.ts';
import { testStep } from './test-steps.ts';

const steps = [1, 2, 4, 5].map((number) =>
  testStep(number, { screenshots: ['before', 'after'], success: number !== 2 && number !== 5, durationMs: 4000 }));

function playbackAt(index: number): Playback {
  const playback = new Playback();
  playback.setSteps(steps);
  playback.seek(index);
  return playback;
}

test('seekNumber_missingStep_showsTheNextOne', () => {
  const playback = playbackAt(0);
  playback.seekNumber(3);
  equal(playback.step?.step_number, 4);
  playback.seekNumber(2 ** 31 - 1);
  equal(playback.step.step_number, 5);
});

test('seek_outsideOfTheTask_isIgnored', () => {
  const playback = playbackAt(1);
  playback.seek(-1);
  playback.seek(4);
  equal(playback.index, 1);
});

test('setSteps_earlierStepArrives_keepsTheCurrentStep', () => {
  const playback = playbackAt(2);
  playback.setSteps([steps[0], steps[1], testStep(3), steps[2], steps[3]].flatMap((step) => step ?? []));
  equal(playback.step?.step_number, 4);
  equal(playback.index, 3);
});

test('setSteps_following_showsTheNewestStep', () => {
  const playback = new Playback();
  playback.follow(true);
  playback.setSteps(steps.slice(0, 2));
  playback.setSteps(steps);
  equal(playback.step?.step_number, 5);
  playback.seek(0);
  equal(playback.isFollowing, false);
});

test('seekFailure_startsAgainAtTheOtherEnd', () => {
  const playback = playbackAt(0);
  const visited = [1, 1, 1, -1, -1].map((direction) => {
    playback.seekFailure(direction as 1 | -1);
    return playback.step?.step_number;
  });
  deepEqual(visited, [2, 5, 2, 5, 2]);
});

test('seekFailure_withoutFailure_returnsFalse', () => {
  const playback = new Playback();
  playback.setSteps([testStep(1, { success: true })]);
  playback.seek(0);
  equal(playback.seekFailure(1), false);
});

test('seekFailure_onlyTheCurrentStepFailed_staysThereAndReturnsTrue', () => {
  const playback = new Playback();
  playback.setSteps([1, 2, 3].map((number) => testStep(number, { success: number !== 2 })));
  playback.seek(1);
  equal(playback.seekFailure(1), true);
  equal(playback.seekFailure(-1), true);
  equal(playback.step?.step_number, 2);
});

test('nextView_endsWithTheDifference', () => {
  const playback = playbackAt(0);
  const views = [0, 1, 2].map(() => {
    playback.nextView();
    return playback.view;
  });
  deepEqual(views, ['after', DIFFERENCE, 'before']);
});

test('seek_inTheDifference_staysInIt', () => {
  const playback = playbackAt(0);
  playback.setView(DIFFERENCE);
  playback.seekBy(1);
  equal(playback.view, DIFFERENCE);
});

test('play_showsEachScreenshotAndPausesAtTheEnd', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const playback = playbackAt(3);
    playback.play();
    const shown: string[] = [];
    for (let i = 0; i < 3; i++) {
      shown.push(`${playback.step?.step_number} ${playback.view} ${playback.isPlaying}`);
      mock.timers.tick(2500);
      await new Promise(setImmediate);
    }
    deepEqual(shown, ['5 before true', '5 after true', '5 after false']);
  } finally {
    mock.timers.reset();
  }
});

test('play_seekWhileAScreenshotIsLoading_showsTheOtherStepForItsWholeTime', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const playback = playbackAt(0);
  let finishLoading: () => void = () => undefined;
  playback.shown = new Promise<void>((resolve) => { finishLoading = resolve; });
  playback.play();
  t.mock.timers.tick(2500); // the time of step 1 is over; the playback waits for its screenshot
  playback.seek(2);
  const shown: string[] = [];
  finishLoading();
  for (const milliseconds of [0, 1999, 1]) {
    t.mock.timers.tick(milliseconds);
    await new Promise(setImmediate);
    shown.push(`${playback.step?.step_number} ${playback.view}`);
  }
  deepEqual(shown, ['4 before', '4 before', '4 after']);
});

test('play_atTheEnd_startsAgain', () => {
  const playback = playbackAt(3);
  playback.setView('after');
  playback.play();
  equal(playback.step?.step_number, 1);
  playback.pause();
});

test('changeSpeed_staysInTheList', () => {
  const playback = playbackAt(0);
  const speeds = ([1, 1, 1, -1, -1, -1, -1] as const).map((direction) => {
    playback.changeSpeed(direction);
    return playback.speed;
  });
  deepEqual(speeds, [2, 4, 4, 2, 1, 0.5, 0.5]);
});
