import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { Insight } from '../api/types.ts';
import { addInsights, addressOf, normalizeInstruction, parseStepId, readFilter } from './insight-groups.ts';

const insight = (instruction: string, kind: string, owner = 'ann'): Insight =>
  ({ kind, instruction, owner, found_at: '2026-02-03T04:05:06Z', tasks: [], tasks_started_at: [], steps: [], figures: {} });

test('addInsights_groups_withInsightsComeBeforeThoseWithOnlyAnExpectation', () => {
  const groups = addInsights([], [insight('one', 'expectation'), insight('two', 'flaky'), insight('one', 'expectation', 'bob')]);

  deepEqual(groups.map(({ instruction, owner }) => [instruction, owner]), [['two', 'ann'], ['one', 'ann'], ['one', 'bob']]);
  equal(groups[1]?.expectation?.kind, 'expectation');
  deepEqual(groups[1].insights, []);
});

test('addInsights_nextPage_keepsThePlacesOfGroups', () => {
  const first = addInsights([], [insight('one', 'expectation')]);

  const groups = addInsights(first, [insight('two', 'flaky'), insight('one', 'slow_step')]);

  deepEqual(groups.map(({ instruction }) => instruction), ['one', 'two']);
  equal(first[0]?.insights.length, 0); // is not changed
});

test('addInsights_kinds_areSortedByImportanceAndUnknownOnesLast', () => {
  const kinds = ['novel', 'slow_step', 'flaky', 'regression'].map((kind) => insight('one', kind));

  deepEqual(addInsights([], kinds)[0]?.insights.map(({ kind }) => kind), ['regression', 'flaky', 'slow_step', 'novel']);
});

test('readFilter_invalidParameters_areIgnored', () => {
  deepEqual(readFilter('?kind=constructor&instruction=%0A%09Two%20%20words&x=1'), { kind: null, instruction: 'Two words' });
  deepEqual(readFilter('?kind=flaky'), { kind: 'flaky', instruction: '' });
});

test('addressOf_filter_isReadAgain', () => {
  equal(addressOf({ kind: null, instruction: '' }), '/insights');
  const filter = { kind: 'flaky', instruction: '打开 & go' } as const;
  deepEqual(readFilter(new URL(addressOf(filter), 'http://localhost').search), filter);
});

test('normalizeInstruction_longText_keepsWholeCharacters', () => {
  equal(normalizeInstruction('😀'.repeat(2000)), '😀'.repeat(1024));
});

test('parseStepId_taskAndNumber_areSeparated', () => {
  deepEqual(parseStepId('0190a7c0-0000-4000-8000-000000000000.12'), { taskId: '0190a7c0-0000-4000-8000-000000000000', stepNumber: '12' });
});
