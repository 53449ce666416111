import { Value } from '../values/types';

/** Text in code points, as both engines count it. */
const characters = (text: Value) => [...(text as string)];

/**
 * One character for one character: what has a longer counterpart in the other
 * case stays as it is.
 */
function mapCase(text: Value, convert: (character: string) => string): string {
  return characters(text)
    .map(character => {
      const converted = convert(character);
      return [...converted].length === 1 ? converted : character;
    })
    .join('');
}

function trimmed(text: Value, unwanted: Value, ends: 'start' | 'end' | 'both') {
  const drop = new Set(characters(unwanted));
  const kept = characters(text);
  let [from, to] = [0, kept.length];
  while (ends !== 'end' && from < to && drop.has(kept[from])) {
    from += 1;
  }
  while (ends !== 'start' && to > from && drop.has(kept[to - 1])) {
    to -= 1;
  }
  return kept.slice(from, to).join('');
}

function padding(text: Value, length: number, fill: Value): string {
  const missing = Math.max(length - characters(text).length, 0);
  const pattern = characters(fill);
  return Array.from(
    { length: missing },
    (_, index) => pattern[index % pattern.length],
  ).join('');
}

const first = (text: Value, count: number) =>
  characters(text).slice(0, count).join('');

type Implementation = (args: Value[]) => Value;

/** Counts arrive as bigint. */
export const textFunctions: Record<string, Implementation> = {
  lower: ([text]) => mapCase(text, character => character.toLowerCase()),
  upper: ([text]) => mapCase(text, character => character.toUpperCase()),
  trim: ([text, unwanted]) => trimmed(text, unwanted, 'both'),
  ltrim: ([text, unwanted]) => trimmed(text, unwanted, 'start'),
  rtrim: ([text, unwanted]) => trimmed(text, unwanted, 'end'),
  length: ([text]) => BigInt(characters(text).length),
  substring: ([text, start, count]) => {
    const from = Number(start) - 1;
    const to = count === undefined ? undefined : from + Number(count);
    return characters(text).slice(from, to).join('');
  },
  left: ([text, count]) => first(text, Number(count)),
  right: ([text, count]) => {
    const all = characters(text);
    return all.slice(Math.max(all.length - Number(count), 0)).join('');
  },
  replace: ([text, from, to]) =>
    (text as string).split(from as string).join(to as string),
  split_part: ([text, delimiter, n]) =>
    (text as string).split(delimiter as string)[Number(n) - 1] ?? '',
  lpad: ([text, length, fill]) =>
    first(`${padding(text, Number(length), fill)}${text}`, Number(length)),
  rpad: ([text, length, fill]) =>
    first(`${text}${padding(text, Number(length), fill)}`, Number(length)),
};
