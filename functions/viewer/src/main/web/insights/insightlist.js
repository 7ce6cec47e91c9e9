import { PagedList } from '../paged.js';

/** What to expect of a task comes with it; else what matters most first. */
const EXPECTATION = 'expectation';
export const KINDS = [
  'regression', 'flaky', 'false_success', 'similar_failures', 'failures_on_screen', 'path_deviation', 'slow_step', 'shorter_path',
  'frequent_sequence', EXPECTATION,
];

const PAGE = 200;

/** What the reader's runs taught, task by task, as far as it was read. */
export class InsightList extends PagedList {
  /** Each with its `text`, which is empty for all tasks together, whose it is, what to expect of it, and what to act on. */
  tasks = [];
  /** Whether runs are enough to teach anything at all. */
  hasEnoughTasks = true;

  /** @param filters as the service takes them, whenever it is asked */
  constructor(api, filters) {
    super(
      (cursor, signal) => api.get('/insights', { ...filters, limit: PAGE, cursor }, signal),
      (page, isFirst) => {
        this.tasks = withMore(isFirst ? [] : this.tasks, page.insights);
        this.hasEnoughTasks = page.enough_tasks;
      },
    );
  }
}

/** What was read stays where the reader sees it; of what comes after it, tasks with something to act on are first. */
export function withMore(tasks, insights) {
  const known = new Map(tasks.map((task) => [task.key, { ...task, toActOn: [...task.toActOn] }]));
  insights.forEach((insight) => {
    const key = JSON.stringify([insight.owner, insight.instruction]);
    const task = known.get(key) ?? { key, text: insight.instruction, owner: insight.owner, expectation: null, toActOn: [] };
    known.set(key, task);
    insight.kind === EXPECTATION ? (task.expectation = insight) : task.toActOn.push(insight);
  });
  const all = [...known.values()];
  all.forEach(({ toActOn }) => toActOn.sort((a, b) => rank(a) - rank(b)));
  const added = all.slice(tasks.length);
  return [...all.slice(0, tasks.length), ...added.filter(hasMuch), ...added.filter((task) => !hasMuch(task))];
}

function hasMuch({ toActOn }) {
  return toActOn.length > 0;
}

/** Kinds that this page does not know come last. */
function rank({ kind }) {
  return KINDS.includes(kind) ? KINDS.indexOf(kind) : KINDS.length;
}
