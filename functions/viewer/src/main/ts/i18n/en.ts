import { en as common } from './common.ts';
import { en as compare } from '../compare/texts.ts';
import { en as insights } from '../insights/texts.ts';
import { en as shell } from '../shell/texts.ts';
import { en as task } from '../task/texts.ts';
import { en as tasks } from '../tasks/texts.ts';

/** All texts in English, by subject. Each subject has both languages in its own file. */
export const en = { common, compare, insights, shell, task, tasks };

export type Texts = typeof en;
