import { JsonValue } from '@backstage/types';
import { inShort } from '../inShort';

/** How an option differs, as the rest of a sentence about the field. */
export function describeOption(
  name: string,
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): string {
  const show = (value: JsonValue) => inShort(JSON.stringify(value));
  if (from === undefined) {
    return `now has ${name} ${show(to!)}`;
  }
  return to === undefined
    ? `no longer has ${name} ${show(from)}`
    : `has ${name} ${show(to)} instead of ${show(from)}`;
}
