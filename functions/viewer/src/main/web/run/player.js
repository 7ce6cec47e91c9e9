import { nothing, render } from '../vendor/lit-html/lit-html.js';
import { Ahead } from '../frames/ahead.js';
import { caption, controls } from './controls.js';
import { FilmStrip } from './filmstrip.js';
import { Keys } from './keys.js';
import { Playing } from './playing.js';
import { Position } from './position.js';
import { picturesOf } from './run.js';
import { Stage } from './stage.js';

/** Plays a run back. Fires `position` when another step is shown. */
export class Player extends EventTarget {
  #run;
  #t;
  #at;
  #stage;
  #strip;
  #ahead;
  #keys;
  #playing = new Playing(() => this.#seen(), () => this.#advance());
  #bar = document.createElement('div');
  #caption = document.createElement('figcaption');
  /** When what is shown is there, or surely does not come. */
  #shown = Promise.resolve();
  element = document.createElement('figure');
  /** Whether it goes along as steps arrive. */
  follows = false;

  constructor(run, frames, veil, t) {
    super();
    this.#run = run;
    this.#t = t;
    this.#at = new Position(run);
    this.#ahead = new Ahead(frames);
    this.#stage = new Stage(frames, veil, t);
    this.#strip = new FilmStrip(frames, veil, t);
    this.element.className = 'player';
    this.element.tabIndex = -1;
    this.element.setAttribute('aria-label', t.playback);
    this.#bar.className = 'controls';
    this.element.append(this.#stage.element, this.#bar, this.#caption, this.#strip.element);
    this.#strip.addEventListener('choose', ({ detail }) => this.#seekTo(detail));
    this.#keys = new Keys(() => this.step, {
      ' ': this.#does.playOrPause,
      k: this.#does.playOrPause,
      ArrowRight: () => this.#seekTo(this.#at.index + 1),
      ArrowLeft: () => this.#seekTo(this.#at.index - 1),
      Home: () => this.#seekTo(0),
      End: () => this.#seekTo(this.#at.last),
      e: this.#does.nextFailure,
      b: () => this.#at.pictures.length > 1 && this.#showView(this.#at.nextView),
      f: this.#does.fullScreen,
      '[': () => this.#changeSpeed(-1),
      ']': () => this.#changeSpeed(1),
    });
    document.addEventListener('visibilitychange', () => document.hidden && this.pause());
  }

  get step() {
    return this.#at.step;
  }

  /** Takes up what has arrived, also before its step, and stays there. */
  update() {
    this.#at.update();
    this.#strip.setSteps(this.#run.steps);
    if (this.follows && this.step) {
      this.#go(this.#at.last, this.#at.view);
    } else {
      this.#render();
      this.#strip.choose(this.#at.index, { isPassing: true });
    }
    if (this.step && this.#at.isNew) {
      this.#go(this.#at.index, this.#at.view);
    }
  }

  /** Shows the step of this number, or the first after it, or the last. */
  seek(number) {
    this.#seekTo(this.#at.indexOf(number));
  }

  play() {
    this.follows = false; // or each new step would be jumped to
    if (this.#at.next === null) {
      this.#go(0, 'before');
    }
    this.#playing.start();
    this.#render();
  }

  pause() {
    this.#playing.stop();
    this.#render();
  }

  #seekTo(index, options) {
    if (index < 0 || index > this.#at.last) {
      return;
    }
    this.follows = this.#run.isRunning && this.follows && index === this.#at.last;
    this.#go(index, 'before', options);
    this.#playing.again();
  }

  #go(index, view, { isPassing = false } = {}) {
    this.#at.go(index, view);
    this.#strip.choose(index, { isPassing });
    this.#show({ isPassing });
    this.#render();
    this.dispatchEvent(new Event('position'));
  }

  #show(options) {
    this.#shown = this.#stage.show(this.step, this.#at.view, options);
    this.#ahead.after(this.#shown, (count) =>
      this.#run.steps.slice(this.#at.index, this.#at.index + count).flatMap(picturesOf));
  }

  #seen() {
    return { duration: this.step?.duration_ms ?? null, pictures: this.#at.pictures.length, isThere: this.#shown };
  }

  #advance() {
    const { next } = this.#at;
    if (next) {
      this.#go(next.index, next.view);
      this.#playing.again();
    } else {
      this.pause();
    }
  }

  #changeSpeed(by) {
    this.#playing.changeSpeed(by);
    this.#render();
  }

  #showView(view) {
    this.follows = false;
    this.#go(this.#at.index, view);
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
    playOrPause: () => (this.#playing.isOn ? this.pause() : this.play()),
    showView: (view) => this.#showView(view),
    nextFailure: () => this.#seekTo(this.#at.nextFailure),
    setSpeed: (speed) => { this.#playing.speed = speed; },
    drawMarks: (drawsMarks) => this.#drawMarks(drawsMarks),
    follow: (follows) => this.#follow(follows),
    fullScreen: () => this.#fullScreen(),
    takeKeys: (takesKeys) => { this.#keys.areOn = takesKeys; },
  };

  #render() {
    const now = {
      steps: this.#run.steps,
      index: this.#at.index,
      pictures: this.#at.pictures,
      view: this.#at.view,
      speed: this.#playing.speed,
      isPlaying: this.#playing.isOn,
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
    if (follows && this.step) {
      this.#go(this.#at.last, this.#at.view);
    }
  }
}
