import uPlot from '../vendor/uplot/uPlot.esm.js';
import { hasFailed } from '../action.js';

const HEIGHT = 180;

/** How long each step took, as bars; where nobody recorded that, the time to the next step. Fires `choose` with a step's number. */
export class DurationsChart extends EventTarget {
  #t;
  #format;
  #plot = null;
  #steps = [];
  #current = 0;
  #title = document.createElement('h3');
  #note = document.createElement('p');
  #canvas = document.createElement('div');
  /** Not drawn on the chart: it moves while the chart stays as it is. */
  #now = document.createElement('div');
  element = document.createElement('div');

  constructor(t, format) {
    super();
    this.#t = t;
    this.#format = format;
    this.element.className = 'chart';
    this.#now.className = 'now';
    this.#note.className = 'quiet';
    this.#note.textContent = t.noDurations;
    this.element.append(this.#title, this.#note, this.#canvas);
    new ResizeObserver(() => this.#resize()).observe(this.#canvas);
    const redraw = () => this.#plot?.redraw(false);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }

  setSteps(steps) {
    this.#steps = steps;
    const { values, isInterval } = durationsOf(steps);
    const known = values.filter((value) => value !== null);
    this.element.hidden = steps.length === 0;
    this.#title.textContent = isInterval ? this.#t.intervals : this.#t.durations;
    this.#note.hidden = known.length > 0;
    if (known.length === 0) {
      return;
    }
    this.#canvas.setAttribute('role', 'img');
    const longest = Math.max(...known);
    this.#canvas.setAttribute('aria-label', this.#t.durationsAlt(
      known.length, this.#format.duration(longest), steps[values.indexOf(longest)].step_number));
    const seconds = (wanted) => values.map((value, index) => (value !== null && hasFailed(steps[index]) === wanted ? value / 1000 : null));
    const data = [steps.map((step) => step.step_number), seconds(false), seconds(true)];
    if (this.#plot) {
      this.#plot.setData(data);
    } else {
      this.#plot = new uPlot(this.#options(), data, this.#canvas);
      this.#plot.over.addEventListener('click', () => this.#click());
      this.#plot.over.append(this.#now);
      this.#markCurrent(this.#plot);
    }
  }

  choose(number) {
    this.#current = number;
    if (this.#plot) {
      this.#markCurrent(this.#plot);
    }
  }

  #options() {
    const colour = (name) => () => getComputedStyle(this.element).getPropertyValue(name);
    const bars = uPlot.paths.bars({ size: [0.8, 60] });
    const axis = { stroke: colour('--quiet'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
    return {
      width: this.#width,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false, range: (u, min, max) => [min - 0.6, max + 0.6] }, y: { range: (u, min, max) => [0, max || 1] } },
      axes: [{ ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
        { ...axis, size: 60, values: (u, ticks) => ticks.map((s) => this.#format.duration(s * 1000)) }],
      series: [{}, ...['--accent', '--wrong'].map((name) => ({ paths: bars, fill: colour(name), points: { show: false } }))],
      hooks: { draw: [(u) => this.#markCurrent(u)] },
    };
  }

  #markCurrent(u) {
    this.#now.hidden = !this.#current;
    this.#now.style.setProperty('left', `${u.valToPos(this.#current, 'x')}px`);
  }

  #click() {
    const index = this.#plot.cursor.idx;
    if (index !== null && index !== undefined) {
      this.dispatchEvent(new CustomEvent('choose', { detail: this.#steps[index].step_number }));
    }
  }

  get #width() {
    return Math.max(200, this.#canvas.clientWidth);
  }

  #resize() {
    this.#plot?.setSize({ width: this.#width, height: HEIGHT });
  }
}

/** Milliseconds by step, null where nobody knows. */
function durationsOf(steps) {
  const isInterval = steps.every((step) => step.duration_ms === null);
  const values = isInterval
    ? steps.map((step, index) => (index + 1 < steps.length
      ? Math.max(0, Date.parse(steps[index + 1].timestamp) - Date.parse(step.timestamp)) : null))
    : steps.map((step) => step.duration_ms);
  return { values, isInterval };
}
