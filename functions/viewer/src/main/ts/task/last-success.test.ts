import { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { ListedTask, Report, TaskQuery } from '../api/types.ts';
import { compareWithLastSuccess } from './last-success.ts';
import type { TaskView } from './task-view.ts';

const INSTRUCTION = 'Open the settings';

function task(id: string, fields: Partial<ListedTask> = {}): ListedTask {
  return { task_id: id, name: null, description: INSTRUCTION, model: 'm1', success: true, total_steps: 9, ...fields } as ListedTask;
}

/** Compares the task `shown`, of model m1, and returns what happened. */
async function compare(tasks: readonly ListedTask[], report: object = {}): Promise<{ queries: TaskQuery[]; opened: string[]; messages: string[] }> {
  const [queries, opened, messages]: [TaskQuery[], string[], string[]] = [[], [], []];
  Object.assign(globalThis, { location: { assign: (url: string) => { opened.push(url); } } });
  const api = {
    tasks: (query: TaskQuery) => {
      queries.push(query);
      return Promise.resolve({ tasks, next_cursor: null });
    },
  };
  const context = { api, shell: { toast: (text: string) => { messages.push(text); } }, t: { task: { bar: { noSuccess: 'none' } } } };
  const model = { taskId: 'shown', report: { ...task('shown', { success: false }), errors: [], ...report } as unknown as Report };
  await compareWithLastSuccess({ context, model } as unknown as TaskView);
  return { queries, opened, messages };
}

test('compareWithLastSuccess_opensTheNewestSuccessOfTheInstruction_preferablyOfTheSameModel', async () => {
  const others = [
    task('shown'), task('failed', { success: false }), task('unknown', { success: null }), task('longer', { description: `${INSTRUCTION} again` }),
    task('new', { model: 'm2' }), task('old', { model: 'm3' }),
  ];
  deepEqual((await compare(others)).opened, ['/compare?a=new&b=shown']);
  deepEqual((await compare([...others, task('same'), task('oldest')])).opened, ['/compare?a=same&b=shown']);
});

test('compareWithLastSuccess_failedSteps_opensTheLastOne', async () => {
  const { opened } = await compare([task('other')], { errors: [{ step_number: 3 }, { step_number: 7 }] });
  deepEqual(opened, ['/compare?a=other&b=shown#b=7']);
});

test('compareWithLastSuccess_shorterSuccess_opensItsLastStep', async () => {
  const { opened } = await compare([task('other', { total_steps: 5 })], { errors: [{ step_number: 7 }] });
  deepEqual(opened, ['/compare?a=other&b=shown#b=5']);
});

test('compareWithLastSuccess_longInstruction_isSearchedByItsStart_andComparedWhole', async () => {
  const name = 'x'.repeat(300);
  const others = [task('start', { name: 'x'.repeat(299), description: null }), task('whole', { name, description: null })];
  const { queries, opened } = await compare(others, { name, description: null });
  deepEqual(queries, [{ text: 'x'.repeat(200), limit: 100 }]);
  deepEqual(opened, ['/compare?a=whole&b=shown']);
});

test('compareWithLastSuccess_noSuccess_showsAMessage', async () => {
  deepEqual(await compare([task('shown')]), { queries: [{ text: INSTRUCTION, limit: 100 }], opened: [], messages: ['none'] });
  deepEqual(await compare([task('other', { description: null })], { description: null }), { queries: [], opened: [], messages: ['none'] });
});
