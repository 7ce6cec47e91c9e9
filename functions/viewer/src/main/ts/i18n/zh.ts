import type { Texts } from './en.ts';
import { zh as common } from './common.ts';
import { zh as compare } from '../compare/texts.ts';
import { zh as insights } from '../insights/texts.ts';
import { zh as shell } from '../shell/texts.ts';
import { zh as task } from '../task/texts.ts';
import { zh as tasks } from '../tasks/texts.ts';

/** All texts in Chinese. A missing text does not compile. */
export const zh: Texts = { common, compare, insights, shell, task, tasks };
