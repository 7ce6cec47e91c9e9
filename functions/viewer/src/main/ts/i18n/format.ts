import type { Cost, TokenCounts } from '../api/types.ts';
import type { Texts } from './en.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From this number of seconds on, a duration has no decimals. */
const WHOLE_SECONDS_FROM = 10;

/** Longer ones are errors of the recorder. */
const MAX_DURATION = 2 ** 40;

/** Formats values in the user's language and time zone. */
export class Format {
  readonly #t: Texts['common'];
  readonly #number: Intl.NumberFormat;
  readonly #compact: Intl.NumberFormat;
  readonly #percent: Intl.NumberFormat;
  readonly #time: Intl.DateTimeFormat;
  readonly #minute: Intl.DateTimeFormat;
  readonly #clock: Intl.DateTimeFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;

  constructor(t: Texts['common']) {
    this.#t = t;
    this.#number = new Intl.NumberFormat(t.locale);
    this.#compact = new Intl.NumberFormat(t.locale, { notation: 'compact', maximumFractionDigits: 1 });
    this.#percent = new Intl.NumberFormat(t.locale, { style: 'percent', maximumFractionDigits: 1 });
    this.#time = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium', timeStyle: 'medium' });
    this.#minute = new Intl.DateTimeFormat(t.locale, { dateStyle: 'medium', timeStyle: 'short' });
    this.#clock = new Intl.DateTimeFormat(t.locale, { timeStyle: 'medium' });
    this.#date = new Intl.DateTimeFormat(t.locale, { month: 'short', day: 'numeric', year: 'numeric' });
    this.#dayOfYear = new Intl.DateTimeFormat(t.locale, { month: 'short', day: 'numeric' });
    this.#relative = new Intl.RelativeTimeFormat(t.locale, { numeric: 'always', style: 'narrow' });
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** Formats a large number in few characters, such as `12.3K`. */
  compact(value: number): string {
    return this.#compact.format(value);
  }

  /** @param share from 0 to 1; null if unknown */
  percent(share: number | null): string {
    return share === null ? this.#t.unknown : this.#percent.format(share);
  }

  /** Formats a date with the time of day. */
  time(iso: string | null): string {
    return iso === null ? this.#t.unknown : this.#time.format(new Date(iso));
  }

  /** Formats a date with the time of day to the minute. */
  minute(iso: string): string {
    return this.#minute.format(new Date(iso));
  }

  /** Formats a day that the API returns as `2026-03-01`. */
  day(date: string): string {
    return this.#date.format(new Date(`${date}T00:00`));
  }

  /** Formats the time of day. */
  clock(iso: string): string {
    return this.#clock.format(new Date(iso));
  }

  /** Formats how long ago something was, such as `5 min. ago`; from 30 days on the date, without the year if it is the present one. */
  age(iso: string, now = Date.now()): string {
    const elapsed = now - Date.parse(iso);
    const units: [Intl.RelativeTimeFormatUnit, number][] = [['day', DAY], ['hour', HOUR], ['minute', MINUTE], ['second', SECOND]];
    if (elapsed >= 30 * DAY) {
      const date = new Date(iso);
      return (date.getFullYear() === new Date(now).getFullYear() ? this.#dayOfYear : this.#date).format(date);
    }
    const [unit, length] = units.find(([, milliseconds]) => elapsed >= milliseconds) ?? (['second', SECOND] as const);
    return this.#relative.format(-Math.max(0, Math.floor(elapsed / length)), unit);
  }

  /** Formats milliseconds as `120 ms`, `5.1 s`, `42 s`, `2 min 5 s`, `1 h 2 min` or `3 d 4 h`. */
  duration(milliseconds: number | null | undefined): string {
    if (milliseconds === null || milliseconds === undefined || milliseconds > MAX_DURATION) {
      return this.#t.unknown;
    }
    const { ms, s, min, h, d } = this.#t.units;
    const pair = (large: number, largeUnit: string, small: number, smallUnit: string) =>
      (small === 0 ? `${large}\u00a0${largeUnit}` : `${large}\u00a0${largeUnit} ${small}\u00a0${smallUnit}`);
    if (milliseconds < SECOND) {
      return `${Math.round(milliseconds)}\u00a0${ms}`;
    }
    if (Math.round(milliseconds / SECOND) < MINUTE / SECOND) {
      const seconds = milliseconds / SECOND;
      return `${seconds.toFixed(seconds < WHOLE_SECONDS_FROM - 0.05 ? 1 : 0)}\u00a0${s}`;
    }
    const total = Math.round(milliseconds / SECOND);
    if (total < HOUR / SECOND) {
      return pair(Math.floor(total / 60), min, total % 60, s);
    }
    const minutes = Math.round(total / 60);
    if (minutes < DAY / MINUTE) {
      return pair(Math.floor(minutes / 60), h, minutes % 60, min);
    }
    const hours = Math.round(minutes / 60);
    return pair(Math.floor(hours / 24), d, hours % 24, h);
  }

  /** Formats all tokens of a model, such as `12.3K`; null if they are unknown. */
  tokens(usage: TokenCounts | null | undefined): string | null {
    return usage ? this.compact(usage.input_tokens + usage.output_tokens) : null;
  }

  /** Formats a cost, such as `$0.0123 + CN¥0.10`; null if no part of it is known. */
  cost(cost: Cost | null | undefined): string | null {
    const amounts = Object.entries(cost?.amounts ?? {});
    return amounts.length === 0 ? null : amounts.map(([currency, amount]) => this.#money(Number(amount), currency)).join(' + ');
  }

  /** Small amounts have two significant digits more. */
  #money(amount: number, currency: string): string {
    const isSmall = amount !== 0 && Math.abs(amount) < 1;
    const options = isSmall ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 };
    return new Intl.NumberFormat(this.#t.locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...options }).format(amount);
  }
}
