import type { Figures } from './figures.ts';

/** Texts of the insights page. The sentences of each kind take its figures, whose numbers are formatted as the sentence needs them. */
export const en = {
  title: 'Insights',
  about: 'What tasks with the same instruction, and all tasks together, have in common.',
  updated: (age: string) => `Updated ${age}.`,
  nextUpdate: (time: string) => `Next update at about ${time}.`,
  updateIsLate: (time: string) => `The update that was due on ${time} has not finished.`,
  instruction: 'Instruction',
  kind: 'Kind',
  allKinds: 'All',
  clear: 'Clear filters',
  showMore: 'Show more',
  allShown: (count: number, formatted: string) => (count === 1 ? '1 instruction' : `${formatted} instructions`),
  allTasks: 'All tasks together',
  owner: 'Owner',
  usualPath: (count: string) => `Usual path: ${count} steps`,
  usualPathHint: (percent: string) => `The successful task that is most similar to the others (${percent} on average).`,
  usual: 'Usual',
  shorter: 'Shorter',
  tasks: 'Tasks',
  steps: 'Steps',
  step: (number: string, task: string) => `Step ${number} of ${task}`,
  andMore: (count: string) => `and ${count} more`,
  taskCount: (count: number, formatted: string) => (count === 1 ? '1 task' : `${formatted} tasks`),
  nothingFound: 'No problem found.',
  kinds: {
    regression: 'Regression',
    flaky: 'Flaky',
    false_success: 'False success',
    similar_failures: 'Similar failures',
    failures_on_screen: 'Failures on one screen',
    path_deviation: 'Left the usual path',
    slow_step: 'Slow steps',
    shorter_path: 'Shorter path',
    frequent_sequence: 'Repeated actions',
    expectation: 'Expectation',
  },
  sentences: {
    regression: (f: Figures) => {
      const name = f.oneOf('dimension', { model: 'model', app_version: 'app version' });
      const effect = f.text('what') === 'success' ? 'fewer tasks succeed' : 'successful tasks take longer';
      const value = f.text('what') === 'success' ? f.percent : f.duration;
      return f.is('at_once')
        ? `With one ${name}, ${effect} than with another: ${value('after')} with ${f.text('to')}, ${value('before')} with ${f.text('from')}.`
        : `Since the ${name} changed, ${effect}: ${value('before')} before, ${value('after')} after.`;
    },
    flaky: (f: Figures) =>
      `${f.number('successes')} of ${f.number('tasks')} tasks succeeded (${f.percent('success_rate')}), without a trend: the next one may succeed or fail.`,
    false_success: (f: Figures) =>
      `${f.number('false_successes')} of ${f.number('tasks')} tasks that the agent claims as successful have the verdict “fail” (${f.percent('share')}).`,
    similar_failures: (f: Figures) => `${f.number('tasks')} of ${f.number('failures')} failed tasks have the same last error${f.text('error') ? ':' : ', without a message.'}`,
    failures_on_screen: (f: Figures) => {
      const errors = f.value('errors') > 1 ? `with ${f.number('errors')} different errors.` : f.text('error') ? 'with the same error:' : 'without an error.';
      return `${f.number('tasks')} of ${f.number('failures')} failed tasks with screenshots ended on the same screen, ${errors}`;
    },
    path_deviation: (f: Figures) =>
      `${f.number('tasks')} of ${f.number('failures')} failed tasks left the path of the successful ones, at the steps below.`,
    slow_step: (f: Figures) => {
      const steps = f.value('steps') === 1 ? '1 step' : `${f.number('steps')} steps`;
      const slowest = f.text('action') && f.has('duration_ms') && f.has('usual_ms')
        ? ` The slowest, ${f.text('action')}, took ${f.duration('duration_ms')} instead of ${f.duration('usual_ms')}.` : '';
      return `${steps} took much longer than usual.${slowest}`;
    },
    shorter_path: (f: Figures) =>
      `${f.number('shorter_tasks')} of ${f.number('tasks')} successful tasks took about ${f.number('steps')} steps instead of ${f.number('usual_steps')}: ${f.number('saved_steps')} fewer.`,
    frequent_sequence: (f: Figures) =>
      `${f.number('tasks')} of ${f.number('of_tasks')} tasks${f.value('instructions') > 1 ? `, with ${f.number('instructions')} instructions,` : ''} perform these ${f.count('actions')} actions one after the other. A macro or a better prompt may replace them.`,
    expectation: (f: Figures) => {
      const verdicts = f.value('verified') === 1 ? '1 verdict disagrees' : `${f.number('verified')} verdicts disagree`;
      return `${f.number('successes')} of ${f.number('tasks')} tasks succeeded (${f.percent('success_rate')}; 95% interval ${f.percent('success_rate_low')} to ${f.percent('success_rate_high')}).${
        f.value('verified') > 0 ? ` Agents claim ${f.number('claimed_successes')} successes; ${f.number('disagreements')} of ${verdicts}.` : ''}`;
    },
    duration: (f: Figures) =>
      `Half of the successful tasks took up to ${f.duration('duration_p50_ms')}, 80% of them between ${f.duration('duration_p10_ms')} and ${f.duration('duration_p90_ms')}.`,
  },
  empty: {
    never: 'Insights have not been computed yet',
    neverAdvice: 'Maintenance computes them once an hour, for the first time within an hour of the installation.',
    notEnough: 'Not enough tasks yet',
    notEnoughAdvice: 'Insights need at least five ended tasks with the same instruction.',
    none: 'No insights',
    noneAdvice: 'No insight was found in the tasks that ended before the last update.',
    noMatch: 'No insight matches',
    noMatchAdvice: 'Other insights exist, or will exist after the next update.',
  },
};

export const zh: typeof en = {
  title: '洞察',
  about: '相同指令的任务之间，以及所有任务之间的共同规律。',
  updated: (age) => `更新于${age}。`,
  nextUpdate: (time) => `预计 ${time} 再次更新。`,
  updateIsLate: (time) => `原定于 ${time} 更新，尚未完成。`,
  instruction: '指令',
  kind: '类别',
  allKinds: '全部',
  clear: '清除筛选',
  showMore: '显示更多',
  allShown: (_, formatted) => `共 ${formatted} 条指令`,
  allTasks: '所有任务',
  owner: '所有者',
  usualPath: (count) => `常用路径：${count} 步`,
  usualPathHint: (percent) => `与其他成功任务最相似的一次（平均相似度 ${percent}）。`,
  usual: '通常',
  shorter: '更短',
  tasks: '任务',
  steps: '步骤',
  step: (number, task) => `${task} 的第 ${number} 步`,
  andMore: (count) => `另有 ${count} 个`,
  taskCount: (_, formatted) => `${formatted} 个任务`,
  nothingFound: '没有发现问题。',
  kinds: {
    regression: '变差',
    flaky: '不稳定',
    false_success: '误报成功',
    similar_failures: '相似的失败',
    failures_on_screen: '同一画面上的失败',
    path_deviation: '偏离常用路径',
    slow_step: '缓慢的步骤',
    shorter_path: '更短的路径',
    frequent_sequence: '重复的操作',
    expectation: '预期',
  },
  sentences: {
    regression: (f) => {
      const name = f.oneOf('dimension', { model: '模型', app_version: '应用版本' });
      const effect = f.text('what') === 'success' ? '成功的任务变少' : '成功的任务用时变长';
      const value = f.text('what') === 'success' ? f.percent : f.duration;
      return f.is('at_once')
        ? `不同${name}的结果不同，${effect}：${f.text('to')} 为 ${value('after')}，${f.text('from')} 为 ${value('before')}。`
        : `更换${name}后，${effect}：之前 ${value('before')}，之后 ${value('after')}。`;
    },
    flaky: (f) => `${f.number('tasks')} 个任务中有 ${f.number('successes')} 个成功（${f.percent('success_rate')}），没有变化趋势，下一个能否成功难以预料。`,
    false_success: (f) =>
      `智能体自报成功且已评判的 ${f.number('tasks')} 个任务中，有 ${f.number('false_successes')} 个被评判为未通过（${f.percent('share')}）。`,
    similar_failures: (f) => `${f.number('failures')} 个失败的任务中，有 ${f.number('tasks')} 个的最后一个错误相同${f.text('error') ? '：' : '，且没有错误信息。'}`,
    failures_on_screen: (f) => {
      const errors = f.value('errors') > 1 ? `有 ${f.number('errors')} 种不同的错误。` : f.text('error') ? '错误相同：' : '没有错误信息。';
      return `${f.number('failures')} 个有截图的失败任务中，有 ${f.number('tasks')} 个结束于同一画面，${errors}`;
    },
    path_deviation: (f) => `${f.number('failures')} 个失败的任务中，有 ${f.number('tasks')} 个偏离了成功任务的路径，偏离的步骤见下。`,
    slow_step: (f) => {
      const slowest = f.text('action') && f.has('duration_ms') && f.has('usual_ms')
        ? `最慢的是 ${f.text('action')}：用时 ${f.duration('duration_ms')}，通常为 ${f.duration('usual_ms')}。` : '';
      return `有 ${f.number('steps')} 步的用时远超平常。${slowest}`;
    },
    shorter_path: (f) =>
      `${f.number('tasks')} 个成功的任务中，有 ${f.number('shorter_tasks')} 个只用了约 ${f.number('steps')} 步，通常为 ${f.number('usual_steps')} 步，少 ${f.number('saved_steps')} 步。`,
    frequent_sequence: (f) =>
      `${f.number('of_tasks')} 个任务中，有 ${f.number('tasks')} 个${f.value('instructions') > 1 ? `（涉及 ${f.number('instructions')} 条指令）` : ''}依次执行了这 ${f.count('actions')} 个操作，可以用宏或更好的提示词代替。`,
    expectation: (f) =>
      `${f.number('tasks')} 个任务中有 ${f.number('successes')} 个成功（${f.percent('success_rate')}；95% 区间为 ${f.percent('success_rate_low')} 至 ${f.percent('success_rate_high')}）。${
        f.value('verified') > 0 ? `智能体自报成功 ${f.number('claimed_successes')} 个；${f.number('verified')} 个评判中有 ${f.number('disagreements')} 个与自报不符。` : ''}`,
    duration: (f) =>
      `成功的任务有一半用时不超过 ${f.duration('duration_p50_ms')}，80% 在 ${f.duration('duration_p10_ms')}到 ${f.duration('duration_p90_ms')}之间。`,
  },
  empty: {
    never: '尚未计算洞察',
    neverAdvice: '维护任务每小时计算一次，安装后一小时内首次计算。',
    notEnough: '任务还不够',
    notEnoughAdvice: '同一指令至少要有五个已结束的任务，才能得出洞察。',
    none: '没有洞察',
    noneAdvice: '在上次更新前结束的任务中没有发现任何洞察。',
    noMatch: '没有匹配的洞察',
    noMatchAdvice: '可能有其他洞察，或在下次更新后出现。',
  },
};
