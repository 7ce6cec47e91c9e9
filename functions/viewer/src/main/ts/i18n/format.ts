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
  // Created when they are first used: creating all takes 13 ms, before the page requests its data.
  #number?: Intl.NumberFormat;
  #compact?: Intl.NumberFormat;
  #percent?: Intl.NumberFormat;
  #time?: Intl.DateTimeFormat;
  #minute?: Intl.DateTimeFormat;
  #clock?: Intl.DateTimeFormat;
  #date?: Intl.DateTimeFormat;
  #dayOfYear?: Intl.DateTimeFormat;
  #relative?: Intl.RelativeTimeFormat;
  readonly #amounts = new Map<string, Intl.NumberFormat>();

  constructor(t: Texts['common']) {
    this.#t = t;
  }

  number(value: number): string {
    this.#number ??= new Intl.NumberFormat(this.#t.locale);
    return this.#number.format(value);
  }

  /** Formats a large number in few characters, such as `12.3K`. */
  compact(value: number): string {
    this.#compact ??= new Intl.NumberFormat(this.#t.locale, { notation: 'compact', maximumFractionDigits: 1 });
    return this.#compact.format(value);
  }

  /** @param share from 0 to 1; null if unknown */
  percent(share: number | null): string {
    this.#percent ??= new Intl.NumberFormat(this.#t.locale, { style: 'percent', maximumFractionDigits: 1 });
    return share === null ? this.#t.unknown : this.#percent.format(share);
  }

  /** Formats a date with the time of day. */
  time(iso: string | null): string {
    this.#time ??= this.#dates({ dateStyle: 'medium', timeStyle: 'medium' });
    return iso === null ? this.#t.unknown : this.#time.format(new Date(iso));
  }

  /** Formats a date with the time of day to the minute. */
  minute(iso: string): string {
    this.#minute ??= this.#dates({ dateStyle: 'medium', timeStyle: 'short' });
    return this.#minute.format(new Date(iso));
  }

  /** Formats a day that the API returns as `2026-03-01`. */
  day(date: string): string {
    return this.#days.format(new Date(`${date}T00:00`));
  }

  /** Formats the time of day. */
  clock(iso: string): string {
    this.#clock ??= this.#dates({ timeStyle: 'medium' });
    return this.#clock.format(new Date(iso));
  }

  /** Formats how long ago something was, such as `5 min. ago`; from 30 days on the date, without the year if it is the present one. */
  age(iso: string, now = Date.now()): string {
    const elapsed = now - Date.parse(iso);
    const units: [Intl.RelativeTimeFormatUnit, number][] = [['day', DAY], ['hour', HOUR], ['minute', MINUTE], ['second', SECOND]];
    if (elapsed >= 30 * DAY) {
      const date = new Date(iso);
      this.#dayOfYear ??= this.#dates({ month: 'short', day: 'numeric' });
      return (date.getFullYear() === new Date(now).getFullYear() ? this.#dayOfYear : this.#days).format(date);
    }
    const [unit, length] = units.find(([, milliseconds]) => elapsed >= milliseconds) ?? (['second', SECOND] as const);
    this.#relative ??= new Intl.RelativeTimeFormat(this.#t.locale, { numeric: 'always', style: 'narrow' });
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

  get #days(): Intl.DateTimeFormat {
    this.#date ??= this.#dates({ month: 'short', day: 'numeric', year: 'numeric' });
    return this.#date;
  }

  #dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.#t.locale, options);
  }

  /** Small amounts have two significant digits more. */
  #money(amount: number, currency: string): string {
    const isSmall = amount !== 0 && Math.abs(amount) < 1;
    const key = `${currency} ${isSmall}`;
    const format = this.#amounts.get(key) ?? new Intl.NumberFormat(this.#t.locale, {
      style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...(isSmall ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 }),
    });
    this.#amounts.set(key, format);
    return format.format(amount);
  }
}
