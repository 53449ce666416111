import { FieldType } from '../../contracts/types';
import { formatDate, formatTime, formatTimestamp } from './calendar';
import { Decimal, formatDecimal } from './decimal';
import { Value } from './types';

/** The canonical text of a value: the one that literals and rows carry. */
export function writeValue(
  value: Value,
  type: FieldType,
): string | boolean | null {
  if (value === null) {
    return null;
  }
  switch (type.kind) {
    case 'boolean':
      return value as boolean;
    case 'decimal':
      return formatDecimal(value as Decimal);
    case 'date':
      return formatDate((value as { days: number }).days);
    case 'time':
      return formatTime(value as bigint);
    case 'timestamp':
      return `${formatTimestamp(value as bigint, 'T')}${type.zone ? 'Z' : ''}`;
    default:
      // Of a float, the shortest text that reads as the same number.
      return String(value);
  }
}
