import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { describe, hasFailed } from '../action.js';
import { LATER, SOON } from '../frames/frames.js';
import { FilmStrip } from './filmstrip.js';
import { picturesOf } from './run.js';
import { Stage } from './stage.js';

const SPEEDS = [0.5, 1, 2, 4];
const SHORTEST_MS = 700;
const LONGEST_MS = 2500;
const AHEAD = 3;
const CAPTION = 600;

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
  #role = 'before';
  #speed = 1;
  #timer = null;
  #turn = null;
  #isPlaying = false;
  #takesKeys = true;
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
    document.addEventListener('keydown', (event) => this.#key(event));
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
      this.#go(this.#run.steps.length - 1, this.#role);
    } else {
      this.#render();
      this.#strip.choose(this.#index, { isPassing: true });
    }
    if (this.step && this.#number === null) {
      this.#go(this.#index, this.#role);
    }
  }

  /** Shows the step of this number, or the first after it. */
  seek(number, options) {
    const index = this.#run.steps.findIndex((step) => step.step_number >= number);
    this.#seekTo(index < 0 ? this.#run.steps.length - 1 : index, options);
  }

  play() {
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

  #go(index, role, { isPassing = false } = {}) {
    this.#index = index;
    this.#number = this.step.step_number;
    this.#role = role;
    this.#strip.choose(index, { isPassing });
    this.#show({ isPassing });
    this.#render();
    this.dispatchEvent(new Event('position'));
  }

  async #show(options) {
    this.#ahead.abort();
    const ahead = new AbortController();
    this.#ahead = ahead;
    this.#shown = this.#stage.show(this.step, this.#role, options);
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

  #roles() {
    return this.step ? [...new Set(picturesOf(this.step).map(({ role }) => role))] : [];
  }

  #isLastPicture() {
    return this.#roles().at(-1) === this.#role || this.#roles().length < 2;
  }

  #schedule() {
    clearTimeout(this.#timer);
    const { duration_ms: duration } = this.step ?? {};
    const pictures = Math.max(1, this.#roles().length);
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
    const roles = this.#roles();
    const next = roles[roles.indexOf(this.#role) + 1];
    if (next) {
      this.#go(this.#index, next);
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

  #otherRole() {
    const roles = this.#roles();
    if (roles.length > 1) {
      this.#go(this.#index, roles[(roles.indexOf(this.#role) + 1) % roles.length]);
    }
  }

  async #fullScreen() {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
    } else {
      await this.element.requestFullscreen();
    }
  }

  #keys = {
    ' ': () => (this.#isPlaying ? this.pause() : this.play()),
    k: () => (this.#isPlaying ? this.pause() : this.play()),
    ArrowRight: () => this.#seekTo(this.#index + 1),
    ArrowLeft: () => this.#seekTo(this.#index - 1),
    Home: () => this.#seekTo(0),
    End: () => this.#seekTo(this.#run.steps.length - 1),
    e: () => this.#nextFailure(),
    b: () => this.#otherRole(),
    f: () => this.#fullScreen(),
    '[': () => this.#changeSpeed(-1),
    ']': () => this.#changeSpeed(1),
  };

  #key(event) {
    const target = event.composedPath()[0];
    const isHere = target === document.body || this.element.contains(target);
    const isTyping = target.matches?.('input:not(.scrub), textarea, select, [contenteditable]');
    const isPressing = event.key === ' ' && target.matches?.('button, summary, a');
    const isSliding = target.matches?.('.scrub') && event.key !== ' ' && event.key.length > 1;
    const isScrolling = target.matches?.('.strip') && event.key !== ' ' && event.key.length > 1;
    const action = this.#keys[event.key];
    const isHeld = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (!action || !this.step || !this.#takesKeys || !isHere || isTyping || isPressing || isSliding || isScrolling || isHeld) {
      return;
    }
    event.preventDefault();
    action();
  }

  #render() {
    const t = this.#t;
    const { steps } = this.#run;
    const { step } = this;
    const count = steps.length;
    const roles = this.#roles();
    render(html`
      <input class="scrub" type="range" min="0" max=${Math.max(0, count - 1)} .value=${String(this.#index)} ?disabled=${!count}
          aria-label=${t.position} aria-valuetext=${step ? t.positionText(step.step_number, this.#index + 1, count) : nothing}
          @input=${(event) => this.#seekTo(Number(event.target.value), { isPassing: true })}
          @change=${(event) => this.#seekTo(Number(event.target.value))}>
      <div class="buttons">
        <button type="button" ?disabled=${!count} @click=${() => this.#seekTo(this.#index - 1)}
            aria-label=${t.previous} title=${`${t.previous} (←)`}>${icon('M15 5 8 12l7 7')}</button>
        <button type="button" class="primary play" ?disabled=${!count} @click=${() => (this.#isPlaying ? this.pause() : this.play())}>
          ${this.#isPlaying ? t.pause : t.play}</button>
        <button type="button" ?disabled=${!count} @click=${() => this.#seekTo(this.#index + 1)}
            aria-label=${t.next} title=${`${t.next} (→)`}>${icon('m9 5 7 7-7 7')}</button>
        <span class="position" aria-live=${this.#isPlaying ? 'off' : 'polite'}>${step ? t.positionText(step.step_number, this.#index + 1, count) : nothing}</span>
        ${roles.length > 1 ? html`
          <span role="group" aria-label=${t.roles} class="roles">
            ${roles.map((role) => html`<button type="button" aria-pressed=${role === this.#role}
                @click=${() => this.#go(this.#index, role)}>${t.showRole[role] ?? role}</button>`)}
          </span>` : nothing}
        <button type="button" ?disabled=${!steps.some(hasFailed)} @click=${() => this.#nextFailure()}>
          ${steps.some(hasFailed) ? t.nextFailure : t.noFailure}</button>
        <label>${t.speed}
          <select @change=${(event) => { this.#speed = Number(event.target.value); }}>
            ${SPEEDS.map((speed) => html`<option value=${speed} .selected=${speed === this.#speed}>${speed} ×</option>`)}
          </select></label>
        <label><input type="checkbox" .checked=${this.#stage.drawsMarks}
            @change=${(event) => this.#drawMarks(event.target.checked)}> ${t.marks}</label>
        ${this.#run.isRunning ? html`<label><input type="checkbox" .checked=${this.follows}
            @change=${(event) => this.#follow(event.target.checked)}> ${t.follow}</label>` : nothing}
        <button type="button" @click=${() => this.#fullScreen()}>${t.fullScreen}</button>
        <details class="help"><summary>${t.keys}</summary><p>${t.keysText}</p>
          <label><input type="checkbox" .checked=${this.#takesKeys}
              @change=${(event) => { this.#takesKeys = event.target.checked; }}> ${t.takesKeys}</label></details>
      </div>`, this.#bar);
    render(step ? html`
      <p class="did" dir="auto">${describe(step, t).slice(0, CAPTION)}</p>
      ${step.thinking ? html`<p class="thought" dir="auto">${shortened(step.thinking)}</p>` : nothing}
      ${hasFailed(step) ? html`<p class="wrong" dir="auto">${t.failed}${step.error_message ? `: ${shortened(step.error_message)}` : ''}</p>`
        : nothing}` : nothing, this.#caption);
  }

  #drawMarks(drawsMarks) {
    this.#stage.drawsMarks = drawsMarks;
    this.#show();
  }

  #follow(follows) {
    this.follows = follows;
    if (follows && this.#run.steps.length) {
      this.#go(this.#run.steps.length - 1, this.#role);
    }
  }
}

function icon(path) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
}

function shortened(text) {
  return text.length > CAPTION ? `${text.slice(0, CAPTION)}…` : text;
}
