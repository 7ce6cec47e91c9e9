import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { ReactiveControllerHost } from 'lit';
import { FollowPlayback } from './follow-playback.ts';
import { Playback } from './playback.ts';
import { testStep } from './test-steps.ts';

/** Returns a playback and two followers, whose updates are written into a list. */
function twoFollowers() {
  const playback = new Playback();
  playback.setSteps([1, 2, 3, 4].map((number) => testStep(number)));
  const updates: string[] = [];
  const followers = ['strip', 'list'].map((name) => {
    const host: Partial<ReactiveControllerHost> = { addController: () => undefined, requestUpdate: () => { updates.push(name); } };
    const follower = new FollowPlayback(host as ReactiveControllerHost, () => playback);
    follower.hostConnected();
    return follower;
  });
  return { playback, updates, followers };
}

test('change_withoutScrubbing_updatesAllHostsAtOnce', () => {
  const { playback, updates } = twoFollowers();
  playback.seek(1);
  deepEqual(updates, ['strip', 'list']);
});

test('change_whileScrubbing_updatesHostsInTurns', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { playback, updates } = twoFollowers();
  playback.seek(1, { isScrubbing: true });
  playback.seek(2, { isScrubbing: true });
  deepEqual(updates, []);
  mock.timers.tick(40);
  deepEqual(updates, ['strip']);
  playback.seek(3, { isScrubbing: true });
  mock.timers.tick(40);
  deepEqual(updates, ['strip', 'list']);
  mock.timers.tick(40);
  mock.timers.tick(400);
  deepEqual(updates, ['strip', 'list', 'strip']);
});

test('hostDisconnected_whileWaiting_isNotUpdated', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { playback, updates, followers } = twoFollowers();
  playback.seek(1, { isScrubbing: true });
  followers[0]?.hostDisconnected();
  mock.timers.tick(400);
  deepEqual(updates, ['list']);
});
