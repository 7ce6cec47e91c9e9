import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedTask, TaskPage } from '../api/types.ts';
import { refreshRows } from './refresh-rows.ts';

const NOW = Date.parse('2026-05-01T12:00:00Z');

function task(id: string, fields: Partial<ListedTask> = {}): ListedTask {
  return { task_id: id, total_steps: 1, ...fields } as ListedTask;
}

function page(tasks: ListedTask[], cursor: string | null = 'next'): TaskPage {
  return { tasks, next_cursor: cursor };
}

const idsOf = (rows: readonly ListedTask[]) => rows.map(({ task_id: id }) => id);

test('refreshRows_changedTask_replacesItsRow', () => {
  const { rows, newTasks } = refreshRows([task('b'), task('a')], page([task('b', { total_steps: 2 }), task('a')]));
  deepEqual(rows.map(({ total_steps: steps }) => steps), [2, 1]);
  deepEqual(newTasks, []);
});

test('refreshRows_newTasks_areReturnedAndNotAdded', () => {
  const { rows, newTasks } = refreshRows([task('b'), task('a')], page([task('d'), task('c'), task('b')]));
  deepEqual(idsOf(rows), ['b', 'a']);
  deepEqual(idsOf(newTasks), ['d', 'c']);
});

test('refreshRows_onlyNewTasks_areAllCounted', () => {
  deepEqual(idsOf(refreshRows([task('a')], page([task('d'), task('c')])).newTasks), ['d', 'c']);
});

test('refreshRows_olderTasks_areNotNew', () => {
  equal(refreshRows([task('c'), task('b')], page([task('c'), task('b'), task('a')])).newTasks.length, 0);
});

test('refreshRows_missingTask_isRemovedIfThePageWouldContainIt', () => {
  const rows = [task('d'), task('c'), task('b'), task('a')];
  deepEqual(idsOf(refreshRows(rows, page([task('d'), task('b')])).rows), ['d', 'b', 'a']);
  deepEqual(idsOf(refreshRows(rows, page([task('d'), task('b')], null)).rows), ['d', 'b']);
  deepEqual(refreshRows(rows, page([], null)).rows, []);
});

test('refreshRows_sameThumbnail_keepsItsUrlWhileItIsValid', () => {
  const thumbnail = (url: string, step: number, expires: string) => ({
    url, step_number: step, screenshot_index: 0, role: 'after' as const, sensitive: false, expires_at: expires,
  });
  const shown = task('a', { thumbnail: thumbnail('old', 3, '2026-05-01T12:05:00Z') });
  const urlAfter = (row: ListedTask, step: number) =>
    refreshRows([row], page([task('a', { thumbnail: thumbnail('new', step, '2026-05-01T12:15:00Z') })]), NOW).rows[0]?.thumbnail?.url;
  equal(urlAfter(shown, 3), 'old');
  equal(urlAfter(shown, 4), 'new');
  equal(urlAfter(task('a', { thumbnail: thumbnail('old', 3, '2026-05-01T11:59:00Z') }), 3), 'new');
});

test('refreshRows_screenshotBecameSensitive_losesItsUrl', () => {
  const thumbnail = {
    url: 'old', step_number: 3, screenshot_index: 0, role: 'after' as const, sensitive: false, expires_at: '2026-05-01T12:05:00Z',
  };
  const sensitive = { ...thumbnail, url: null, sensitive: true };
  const { rows } = refreshRows([task('a', { thumbnail })], page([task('a', { thumbnail: sensitive })]), NOW);
  deepEqual(rows[0]?.thumbnail, sensitive);
});
