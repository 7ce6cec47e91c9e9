import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { findRoute } from './routes.ts';

const TASK = '0190f3a1-4e5b-7c3d-9a2b-1c2d3e4f5a6b';

test('findRoute_pathOfAPage_returnsItsElementAndParameters', () => {
  deepEqual(findRoute('/'), { element: 'st-tasks-page', parameters: {}, isShared: false, fillsWindow: false });
  deepEqual(findRoute(`/tasks/${TASK}`), { element: 'st-task-page', parameters: { taskId: TASK }, isShared: false, fillsWindow: true });
  const shared = { element: 'st-task-page', parameters: { taskId: TASK.toUpperCase() }, isShared: true, fillsWindow: true };
  deepEqual(findRoute(`/shared/${TASK.toUpperCase()}`), shared);
});

test('findRoute_unknownPath_returnsNull', () => {
  for (const path of ['/nothing', '/tasks/1', '/tasks/', `/shared/${TASK}/steps`, '/insights/1']) {
    equal(findRoute(path), null);
  }
});
