import { hasFailed } from '../action.js';
import { pictureOf, picturesOf } from './run.js';

/** Where in a run its reader is: at a step and one of its pictures, also when other steps arrive before it. */
export class Position {
  #run;
  #number = null;
  /** Of the step, among those that have arrived. */
  index = 0;
  /** The picture, as {@link picturesOf} names it. */
  view = 'before';

  constructor(run) {
    this.#run = run;
  }

  /** Undefined where there is none. */
  get step() {
    return this.#run.steps[this.index];
  }

  get pictures() {
    return this.step ? picturesOf(this.step) : [];
  }

  /** Whether nobody has gone anywhere yet. */
  get isNew() {
    return this.#number === null;
  }

  get last() {
    return this.#run.steps.length - 1;
  }

  /** The step's picture of this view, or its first. */
  go(index, view) {
    this.index = index;
    this.#number = this.step.step_number;
    this.view = pictureOf(this.step, view)?.view ?? view;
  }

  /** Steps have arrived. */
  update() {
    const place = this.#run.steps.findIndex((step) => step.step_number === this.#number);
    this.index = place < 0 ? this.index : place;
  }

  /** The place of the step of this number, or of the first after it, or of the last. */
  indexOf(number) {
    const index = this.#run.steps.findIndex((step) => step.step_number >= number);
    return index < 0 ? this.last : index;
  }

  /** The place of the next step that failed, beginning anew after the last; -1 where none did. */
  get nextFailure() {
    const { steps } = this.#run;
    const after = steps.findIndex((step, index) => index > this.index && hasFailed(step));
    return after < 0 ? steps.findIndex(hasFailed) : after;
  }

  /** Another picture of the same step, the first after the last. */
  get nextView() {
    const { pictures } = this;
    return pictures[(this.#nth(pictures) + 1) % pictures.length]?.view ?? this.view;
  }

  /** The `{index, view}` of the next picture of the run, or null. */
  get next() {
    const { pictures } = this;
    const view = pictures[this.#nth(pictures) + 1]?.view;
    if (view) {
      return { index: this.index, view };
    }
    return this.index < this.last ? { index: this.index + 1, view: 'before' } : null;
  }

  #nth(pictures) {
    return pictures.findIndex(({ view }) => view === this.view);
  }
}
