import type { Texts } from './en.ts';

export const zh: Texts = {
  pageNotFound: '页面不存在',
  pageNotFoundAdvice: '请检查地址，或返回任务列表。',
  tasks: '任务列表',
};
