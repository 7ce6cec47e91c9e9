export const en = {
  pageNotFound: 'Page not found',
  pageNotFoundAdvice: 'Check the address, or go to the list of tasks.',
  tasks: 'Tasks',
};

export type Texts = typeof en;
