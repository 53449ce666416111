import { InputError } from '@backstage/errors';
import {
  civilFromDays,
  DAY,
  daysFromCivil,
  floorDiv,
  HOUR,
  isoWeek,
  isoWeekday,
  isValidDate,
  MINUTE,
  SECOND,
} from '../values/calendar';
import { Value } from '../values/types';

const isDate = (value: Value): value is { days: number } =>
  typeof value === 'object' && value !== null && 'days' in value;

function daysOf(value: Value): number {
  return isDate(value) ? value.days : Number(floorDiv(value as bigint, DAY));
}

const quarterOf = (month: number) => Math.floor((month - 1) / 3) + 1;

function extract(part: string, value: Value): number {
  const days = daysOf(value);
  const { year, month, day } = civilFromDays(days);
  switch (part) {
    case 'year':
      return year;
    case 'quarter':
      return quarterOf(month);
    case 'month':
      return month;
    case 'week':
      return isoWeek(days).week;
    case 'isoyear':
      return isoWeek(days).year;
    case 'day':
      return day;
    case 'isodow':
      return isoWeekday(days);
    case 'dow':
      return isoWeekday(days) % 7;
    case 'doy':
      return days - daysFromCivil({ year, month: 1, day: 1 }) + 1;
    default: {
      const micros = (value as bigint) - BigInt(days) * DAY;
      return part === 'hour'
        ? Number(micros / HOUR)
        : Number((micros % HOUR) / MINUTE);
    }
  }
}

function truncate(unit: string, micros: bigint): bigint {
  const days = daysOf(micros);
  const { year, month } = civilFromDays(days);
  const startOf = (startMonth: number) =>
    BigInt(daysFromCivil({ year, month: startMonth, day: 1 })) * DAY;
  switch (unit) {
    case 'year':
      return startOf(1);
    case 'quarter':
      return startOf(quarterOf(month) * 3 - 2);
    case 'month':
      return startOf(month);
    case 'week':
      return BigInt(days - isoWeekday(days) + 1) * DAY;
    case 'day':
      return BigInt(days) * DAY;
    case 'hour':
      return floorDiv(micros, HOUR) * HOUR;
    case 'minute':
      return floorDiv(micros, MINUTE) * MINUTE;
    default:
      return floorDiv(micros, SECOND) * SECOND;
  }
}

type Implementation = (args: Value[]) => Value;

export const dateFunctions: Record<string, Implementation> = {
  extract: ([part, value]) => ({
    unscaled: BigInt(extract(part as string, value)),
    scale: 0,
  }),
  date_trunc: ([unit, value]) => truncate(unit as string, value as bigint),
  make_date: args => {
    const [year, month, day] = args.map(Number);
    const date = { year, month, day };
    if (!isValidDate(date)) {
      throw new InputError(`there is no date ${year}-${month}-${day}`);
    }
    return { days: daysFromCivil(date) };
  },
};
