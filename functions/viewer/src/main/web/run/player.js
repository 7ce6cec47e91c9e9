import { nothing, render } from '../vendor/lit-html/lit-html.js';
import { hasFailed } from '../action.js';
import { LATER, SOON } from '../frames/frames.js';
import { SPEEDS, caption, controls } from './controls.js';
import { FilmStrip } from './filmstrip.js';
import { Keys } from './keys.js';
import { pictureOf, picturesOf } from './run.js';
import { Stage } from './stage.js';

const SHORTEST_MS = 700;
const LONGEST_MS = 2500;
const AHEAD = 3;

/** Plays a run back. Fires `position` when another step is shown. */
export class Player extends EventTarget {
  #run;
  #frames;
  #t;
  #stage;
  #strip;
  #bar = document.createElement('div');
  #caption = document.createElement('figcaption');
  #index = 0;
  #number = null;
  #ahead = new AbortController();
  #view = 'before';
  #speed = 1;
  #timer = null;
  #turn = null;
  #isPlaying = false;
  #keys;
  /** When what is shown is there, or surely does not come. */
  #shown = Promise.resolve();
  element = document.createElement('figure');
  /** Whether it goes along as steps arrive. */
  follows = false;

  constructor(run, frames, veil, t) {
    super();
    this.#run = run;
    this.#frames = frames;
    this.#t = t;
    this.#stage = new Stage(frames, veil, t);
    this.#strip = new FilmStrip(frames, veil, t);
    this.element.className = 'player';
    this.element.tabIndex = -1;
    this.element.setAttribute('aria-label', t.playback);
    this.#bar.className = 'controls';
    this.element.append(this.#stage.element, this.#bar, this.#caption, this.#strip.element);
    this.#strip.addEventListener('choose', ({ detail }) => this.#seekTo(detail));
    this.#stage.addEventListener('reveal', () => this.#strip.refresh());
    this.#keys = new Keys(() => this.step, {
      ' ': this.#does.playOrPause,
      k: this.#does.playOrPause,
      ArrowRight: () => this.#seekTo(this.#index + 1),
      ArrowLeft: () => this.#seekTo(this.#index - 1),
      Home: () => this.#seekTo(0),
      End: () => this.#seekTo(this.#run.steps.length - 1),
      e: this.#does.nextFailure,
      b: () => this.#nextView(),
      f: this.#does.fullScreen,
      '[': () => this.#changeSpeed(-1),
      ']': () => this.#changeSpeed(1),
    });
    document.addEventListener('visibilitychange', () => document.hidden && this.pause());
  }

  get step() {
    return this.#run.steps[this.#index];
  }

  /** Takes up what has arrived, also before its step, and stays there. */
  update() {
    const place = this.#run.steps.findIndex((step) => step.step_number === this.#number);
    this.#index = place < 0 ? this.#index : place;
    this.#strip.setSteps(this.#run.steps);
    if (this.follows && this.#run.steps.length) {
      this.#go(this.#run.steps.length - 1, this.#view);
    } else {
      this.#render();
      this.#strip.choose(this.#index, { isPassing: true });
    }
    if (this.step && this.#number === null) {
      this.#go(this.#index, this.#view);
    }
  }

  /** Shows the step of this number, or the first after it. */
  seek(number, options) {
    const index = this.#run.steps.findIndex((step) => step.step_number >= number);
    this.#seekTo(index < 0 ? this.#run.steps.length - 1 : index, options);
  }

  play() {
    this.follows = false; // or each new step would be jumped to
    if (this.#index >= this.#run.steps.length - 1 && this.#isLastPicture()) {
      this.#go(0, 'before');
    }
    this.#isPlaying = true;
    this.#render();
    this.#schedule();
  }

  pause() {
    clearTimeout(this.#timer);
    this.#isPlaying = false;
    this.#render();
  }

  #seekTo(index, options) {
    if (index < 0 || index >= this.#run.steps.length) {
      return;
    }
    this.follows = this.#run.isRunning && this.follows && index === this.#run.steps.length - 1;
    this.#go(index, 'before', options);
    if (this.#isPlaying) {
      this.#schedule();
    }
  }

  #go(index, view, { isPassing = false } = {}) {
    this.#index = index;
    this.#number = this.step.step_number;
    this.#view = pictureOf(this.step, view)?.view ?? view;
    this.#strip.choose(index, { isPassing });
    this.#show({ isPassing });
    this.#render();
    this.dispatchEvent(new Event('position'));
  }

  async #show(options) {
    this.#ahead.abort();
    const ahead = new AbortController();
    this.#ahead = ahead;
    this.#shown = this.#stage.show(this.step, this.#view, options);
    await this.#shown;
    if (!ahead.signal.aborted) {
      this.#loadAhead(ahead.signal);
    }
  }

  #loadAhead(signal) {
    const next = this.#run.steps.slice(this.#index, this.#index + AHEAD + 1).flatMap(picturesOf);
    next.filter((picture) => !picture.sensitive).forEach((picture, place) =>
      this.#frames.blob(picture, { urgency: place < 2 ? SOON : LATER, signal }).catch(() => {})); // who shows it tells
  }

  #pictures() {
    return this.step ? picturesOf(this.step) : [];
  }

  #isLastPicture() {
    return this.#pictures().length < 2 || this.#pictures().at(-1).view === this.#view;
  }

  #schedule() {
    clearTimeout(this.#timer);
    const { duration_ms: duration } = this.step ?? {};
    const pictures = Math.max(1, this.#pictures().length);
    const wait = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (duration ?? 1200) / pictures)) / this.#speed;
    const turn = (this.#turn = Symbol('turn'));
    this.#timer = setTimeout(async () => {
      await this.#shown;
      if (this.#isPlaying && turn === this.#turn) {
        this.#advance();
      }
    }, wait);
  }

  #advance() {
    const pictures = this.#pictures();
    const next = pictures[pictures.findIndex(({ view }) => view === this.#view) + 1];
    if (next) {
      this.#go(this.#index, next.view);
    } else if (this.#index < this.#run.steps.length - 1) {
      this.#go(this.#index + 1, 'before');
    } else {
      this.pause();
      return;
    }
    this.#schedule();
  }

  #nextFailure() {
    const { steps } = this.#run;
    const after = steps.findIndex((step, index) => index > this.#index && hasFailed(step));
    this.#seekTo(after < 0 ? steps.findIndex(hasFailed) : after);
  }

  #changeSpeed(by) {
    const index = SPEEDS.indexOf(this.#speed) + by;
    this.#speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index))];
    this.#render();
  }

  #nextView() {
    const pictures = this.#pictures();
    if (pictures.length > 1) {
      this.#showView(pictures[(pictures.findIndex(({ view }) => view === this.#view) + 1) % pictures.length].view);
    }
  }

  #showView(view) {
    this.follows = false;
    this.#go(this.#index, view);
  }

  async #fullScreen() {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
    } else if (document.fullscreenEnabled) {
      await this.element.requestFullscreen();
    }
  }

  #does = {
    seek: (index, options) => this.#seekTo(index, options),
    playOrPause: () => (this.#isPlaying ? this.pause() : this.play()),
    showView: (view) => this.#showView(view),
    nextFailure: () => this.#nextFailure(),
    setSpeed: (speed) => { this.#speed = speed; },
    drawMarks: (drawsMarks) => this.#drawMarks(drawsMarks),
    follow: (follows) => this.#follow(follows),
    fullScreen: () => this.#fullScreen(),
    takeKeys: (takesKeys) => { this.#keys.areOn = takesKeys; },
  };

  #render() {
    const now = {
      steps: this.#run.steps,
      index: this.#index,
      pictures: this.#pictures(),
      view: this.#view,
      speed: this.#speed,
      isPlaying: this.#isPlaying,
      isRunning: this.#run.isRunning,
      follows: this.follows,
      drawsMarks: this.#stage.drawsMarks,
      takesKeys: this.#keys.areOn,
    };
    render(controls(now, this.#does, this.#t), this.#bar);
    render(this.step ? caption(this.step, this.#t) : nothing, this.#caption);
  }

  #drawMarks(drawsMarks) {
    this.#stage.drawsMarks = drawsMarks;
    this.#show();
  }

  #follow(follows) {
    this.follows = follows;
    if (follows && this.#run.steps.length) {
      this.#go(this.#run.steps.length - 1, this.#view);
    }
  }
}
