import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { answer, blob, json } from '../api.js';
import { LATER } from '../frames/frames.js';
import { language } from '../language.js';
import { picturesOf } from './run.js';
import { animate } from './webp.js';

const SHOWN_MS = 900;
const LAST_MS = 2500;
const PATIENT_SECONDS = 5;
/** It holds all pictures, and a line may be slow. */
const PDF_MS = 600_000;

/** Every form in which the run can be taken along; some are made while the reader waits. */
export function downloadsTemplate({ api, run, frames, veil, t, fail, shared }) {
  const element = document.createElement('div');
  const path = `/tasks/${run.taskId}`;
  let said = '';

  const text = (format) => async () => {
    const response = await api.fetch(`${path}/report`, format === 'json' ? {} : { format, lang: language() });
    save(await blob(response), `${run.taskId}.${format}`);
  };
  const made = (asked, parameters) => whenMade(api, asked, { ...parameters, lang: language(), redirect: false });
  const stored = (asked, parameters) => async () => {
    location.assign(await made(asked, parameters)); // answered as a file to store, so the page stays
  };

  /** A PDF is answered as something to read, which would take this page's place. */
  async function pdf() {
    const response = await answer(await made(`${path}/report`, { format: 'pdf' }), { referrerPolicy: 'no-referrer' }, PDF_MS);
    if (!response.ok) {
      throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    }
    save(await blob(response), `${run.taskId}.pdf`);
  }

  const forms = {
    html: stored(`${path}/report`, { format: 'html' }),
    pdf,
    ...(shared ? {} : { zip: stored(`${path}/export`, {}) }),
    csv: text('csv'),
    md: text('md'),
    json: text('json'),
    webp: replay,
  };

  async function replay() {
    await run.whole;
    const pictures = run.steps.flatMap(picturesOf).filter((picture) => picture.format === 'webp' && !veil.covers(picture));
    const kept = [];
    for (const picture of pictures) {
      say(t.fetching(kept.length, pictures.length));
      const still = await frames.blob(picture, { urgency: LATER });
      if (still) {
        kept.push({ blob: still, width: picture.width, height: picture.height, duration: SHOWN_MS });
      }
    }
    if (kept.length === 0) {
      return t.noPictures;
    }
    kept.at(-1).duration = LAST_MS;
    const animation = await animate(kept).catch((cause) => { throw new Error(t.brokenPicture, { cause }); });
    save(animation, `${run.taskId}.webp`);
    return null;
  }

  async function take(form) {
    say(t.making(t.forms[form]));
    try {
      const why = await forms[form]();
      say(why ?? t.made(t.forms[form]));
    } catch (error) {
      const isRefused = shared && error.status === 400; // these forms hold all pictures
      say(isRefused ? t.noPicturesByLink : '');
      if (!isRefused) {
        fail(error);
      }
    }
  }

  function say(what) {
    said = what;
    show();
  }

  function show() {
    render(html`
      <p class="buttons">${Object.keys(forms).map((form) =>
        html`<button type="button" data-form=${form} @click=${() => take(form)}>${t.forms[form]}</button>`)}</p>
      ${run.steps.some((step) => picturesOf(step).some(({ sensitive }) => sensitive)) ? html`<p class="quiet">${t.allPictures}</p>` : nothing}
      <p role="status">${said || nothing}</p>`, element);
  }

  run.addEventListener('steps', show);
  show();
  return element;
}

/** Asks again until it is there, more and more patiently. */
async function whenMade(api, path, parameters) {
  for (let waits = 1; ; waits++) {
    const response = await api.fetch(path, parameters);
    if (response.status !== 202) {
      return (await json(response)).url;
    }
    const seconds = Math.max(Number(response.headers.get('retry-after')) || 2, Math.min(waits, PATIENT_SECONDS));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
