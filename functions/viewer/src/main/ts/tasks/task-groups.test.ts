import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Stats } from '../api/types.ts';
import { groupsOf, isInGroup, searchTextOf } from './task-groups.ts';

type Statistic = Stats['stats'][number];

function statistic(fields: Record<string, unknown>): Statistic {
  return { tasks: 1, passes: 0, fails: 0, pass_rate: null, steps_per_task: null, task_duration: null, ...fields } as Statistic;
}

test('groupsOf_statistics_areSortedByTheNewestTask', () => {
  const groups = groupsOf([
    statistic({ instruction: 'old', last_started_at: '2026-05-01T12:00:00Z' }),
    statistic({ instruction: 'new', last_started_at: '2026-05-02T12:00:00Z' }),
  ], 'instruction');
  deepEqual(groups.map(({ key }) => key), ['new', 'old']);
});

test('groupsOf_outcomes_areOldestFirst', () => {
  const [group] = groupsOf([statistic({
    experiment: 'release', tasks: 3, passes: 2, fails: 1, pass_rate: 2 / 3, recent_outcomes: ['running', 'fail', 'pass'],
    last_started_at: '2026-05-01T12:00:00Z', steps_per_task: 6.5, task_duration: { p50_ms: 4000, p95_ms: 5000 },
  })], 'experiment');
  deepEqual(group, {
    key: 'release', tasks: 3, passes: 2, judged: 3, passRate: 2 / 3, outcomes: ['pass', 'fail', 'running'], stepsPerTask: 6.5, medianMs: 4000,
    lastStartedAt: '2026-05-01T12:00:00Z',
  });
});

test('groupsOf_withoutTasks_areOmitted', () => {
  deepEqual(groupsOf([statistic({ instruction: 'x', tasks: 0 }), statistic({ instruction: 'y', tasks: null })], 'instruction'), []);
});

test('isInGroup_ignoresCaseWidthSpacesAndFinalPunctuation', () => {
  equal(isInGroup({ description: ' Open\n the  Ｓettings! ', name: null }, 'open the settings'), true);
  equal(isInGroup({ description: '打开设置。', name: null }, '打开设置'), true);
  equal(isInGroup({ description: 'open the settings and wait', name: null }, 'open the settings'), false);
  equal(isInGroup({ description: null, name: 'Settings' }, 'settings'), true);
});

test('isInGroup_longInstruction_isComparedByItsStart', () => {
  const start = 'x'.repeat(190);
  const key = `${start} #0a1b2c3d`;
  equal(searchTextOf(key), start);
  equal(isInGroup({ description: `${start}yyyyyyyyyyyy`, name: null }, key), true);
  equal(isInGroup({ description: 'x', name: null }, key), false);
});
