import { MAX_STEP_NUMBER } from './steps.ts';

/** Browsers limit the rate of changes of the address. */
const DELAY_MS = 150;

/** Returns the step number in a parameter of the address's fragment; null if there is none that a step can have. */
export function stepInHash(name: string, hash = location.hash): number | null {
  const stepNumber = Number(parametersOf(hash).get(name));
  return Number.isInteger(stepNumber) && stepNumber > 0 && stepNumber <= MAX_STEP_NUMBER ? stepNumber : null;
}

/** Returns a parameter of the address's fragment; empty if it is missing. */
export function parameterInHash(name: string): string {
  return parametersOf(location.hash).get(name) ?? '';
}

/** Changes parameters of the address's fragment, without a new entry in the history. Null removes a parameter. */
export function changeHash(changes: Readonly<Record<string, string | null>>): void {
  const parameters = parametersOf(location.hash);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) {
      parameters.delete(name);
    } else {
      parameters.set(name, value);
    }
  }
  const fragment = parameters.toString();
  history.replaceState(null, '', `${location.pathname}${location.search}${fragment === '' ? '' : `#${fragment}`}`);
}

/** Keeps the selected steps in the address's fragment. Writes the last change after a pause. */
export class StepAddress {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param stepNumbers by the name of the parameter; null removes it */
  set(stepNumbers: Readonly<Record<string, number | null>>): void {
    this.cancel();
    const changes = Object.fromEntries(Object.entries(stepNumbers).map(([name, number]) => [name, number === null ? null : String(number)]));
    this.#timer = setTimeout(() => { changeHash(changes); }, DELAY_MS);
  }

  /** Drops a change that is not written yet. */
  cancel(): void {
    clearTimeout(this.#timer);
  }
}

function parametersOf(hash: string): URLSearchParams {
  return new URLSearchParams(hash.slice(1));
}
