import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRoute } from './routes.ts';

const ROUTES = [
  { path: /^\/(tasks)?$/, element: 'st-tasks-page' },
  { path: /^\/tasks\/(?<taskId>[0-9a-f-]{36})$/i, element: 'st-task-page' },
];

test('findRoute returns the element and the parameters of the path', () => {
  const taskId = '01a20e42-10e9-7923-920f-3c01bb59c63d';

  assert.deepEqual(findRoute('/', ROUTES), { element: 'st-tasks-page', parameters: {} });
  assert.deepEqual(findRoute(`/tasks/${taskId}`, ROUTES), { element: 'st-task-page', parameters: { taskId } });
});

test('findRoute returns the page for errors if no route has the path', () => {
  for (const path of ['/tasks/1', '/tasks/', '/constructor', '']) {
    assert.equal(findRoute(path, ROUTES).element, 'st-not-found-page');
  }
});
