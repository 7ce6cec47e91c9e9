import type { Texts } from '../../i18n/en.ts';
import type { Format } from '../../i18n/format.ts';
import { describeAction } from '../action-text.ts';

type Figures = Readonly<Record<string, unknown>>;

/** Returns a sentence about a finding; one of a kind that this version does not know is shown as it is. */
export function describeFinding(kind: string, detail: Figures | null, t: Texts['task'], format: Format): string {
  const figures = new FigureReader(detail ?? {});
  const says = t.findingsTab.kinds;
  switch (kind) {
    case 'gap': return says.gap(figures.number('total', format));
    case 'clock_backwards': return says.clockBackwards(format.duration(figures.value('largest_ms')));
    case 'missing_screenshot': return says.missingScreenshot;
    case 'screenshot_without_step': return says.screenshotWithoutStep;
    case 'loop': return says.loop(actionOf(figures, t) ?? says.sameAction, figures.number('count', format), screenOf(figures, t));
    case 'no_progress': return says.noProgress(figures.number('count', format), screenOf(figures, t));
    case 'path_deviation': return says.pathDeviation(figures.text('usual_action') ?? t.findingsTab.unknownAction);
    default: return detail === null ? kind : `${kind}: ${JSON.stringify(detail)}`;
  }
}

export function describeSuggestion(kind: string, detail: Figures, t: Texts['task'], format: Format): string {
  const figures = new FigureReader(detail);
  const says = t.findingsTab.suggestionKinds;
  switch (kind) {
    case 'unknown_app': return says.unknownApp(figures.text('app') ?? '');
    case 'too_many_waits': return says.tooManyWaits(figures.number('count', format), figures.number('steps', format), format.duration(figures.value('waited_ms')));
    case 'repeated_touch': return says.repeatedTouch(figures.number('count', format));
    case 'take_over': return says.takeOver(figures.number('count', format));
    case 'slow_model': return says.slowModel(figures.number('count', format), figures.number('steps', format), format.duration(figures.value('mean_ms')));
    case 'large_screenshots': return says.largeScreenshots(format.number(Math.round((figures.value('mean_bytes') ?? 0) / 1000)));
    case 'shorter_path': return says.shorterPath(figures.number('saved_steps', format));
    default: return `${kind}: ${JSON.stringify(detail)}`;
  }
}

function screenOf(figures: FigureReader, t: Texts['task']): string {
  const { unchanged, unknown } = t.findingsTab.screens;
  return figures.text('screen') === 'unchanged' ? unchanged : unknown;
}

function actionOf(figures: FigureReader, t: Texts['task']): string | null {
  const name = figures.text('action');
  return name === null ? figures.text('first_action') : describeAction(name, {}, t);
}

class FigureReader {
  readonly #figures: Figures;

  constructor(figures: Figures) {
    this.#figures = figures;
  }

  value(name: string): number | null {
    const value = this.#figures[name];
    return typeof value === 'number' ? value : null;
  }

  number(name: string, format: Format): string {
    return format.number(this.value(name) ?? 0);
  }

  text(name: string): string | null {
    const value = this.#figures[name];
    return typeof value === 'string' && value !== '' ? value : null;
  }
}
