import { InputError } from '@backstage/errors';

/** Characters of a pattern. */
const MAX_LENGTH = 500;

/** Groups in groups. */
const MAX_DEPTH = 10;

/** How often a counted repetition may repeat, those around it included. */
const MAX_REPEATS = 1_000;

const classEscapes: Record<string, string> = {
  d: '0-9',
  w: 'A-Za-z0-9_',
  s: ' \\t\\n\\r\\f\\v',
};

class PatternReader {
  private at = 0;

  constructor(private readonly signs: string[]) {}

  read(): string {
    const text = this.alternatives(0, 1);
    if (this.at < this.signs.length) {
      throw new InputError('the pattern has a ) without (');
    }
    return text;
  }

  /** @param repeats - how often what is read here is repeated from outside */
  private alternatives(depth: number, repeats: number): string {
    if (depth > MAX_DEPTH) {
      throw new InputError('the pattern nests its groups too deeply');
    }
    let text = '';
    while (this.at < this.signs.length && this.signs[this.at] !== ')') {
      if (this.signs[this.at] === '|') {
        this.at += 1;
        text += '|';
        continue;
      }
      const began = this.at;
      let atom = this.atom(depth, repeats);
      const quantifier = this.quantifier();
      if (quantifier) {
        if (atom.text === '^' || atom.text === '$') {
          throw new InputError('the pattern repeats an anchor');
        }
        if (quantifier.most > 1 && atom.isGroup) {
          // Once more, to count what is repeated inside.
          const after = this.at;
          this.at = began;
          atom = this.atom(depth, repeats * quantifier.most);
          this.at = after;
        }
        if (repeats * quantifier.most > MAX_REPEATS) {
          throw new InputError(
            `the pattern repeats something more than ${MAX_REPEATS} times`,
          );
        }
      }
      text += atom.text + (quantifier?.text ?? '');
    }
    return text;
  }

  private atom(
    depth: number,
    repeats: number,
  ): { text: string; isGroup: boolean } {
    const sign = this.next();
    const leaf = (text: string) => ({ text, isGroup: false });
    switch (sign) {
      case '(': {
        if (this.signs[this.at] === '?') {
          const [, kind] = [this.next(), this.next()];
          if (kind !== ':') {
            throw new InputError(
              `the pattern has the group (?${kind}, which not every engine knows`,
            );
          }
        }
        const inner = this.alternatives(depth + 1, repeats);
        if (this.next() !== ')') {
          throw new InputError('the pattern has a ( without )');
        }
        return { text: `(?:${inner})`, isGroup: true };
      }
      case '[':
        return leaf(this.characterClass());
      case '.':
        return leaf('[^\\n\\r]');
      case '^':
      case '$':
        return leaf(sign);
      case '\\': {
        const escaped = this.next();
        return leaf(
          Object.hasOwn(classEscapes, escaped)
            ? `[${classEscapes[escaped]}]`
            : literalSign(escaped, true),
        );
      }
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new InputError(
          `the pattern has a ${sign} with nothing before it`,
        );
      default:
        return leaf(literalSign(sign, false));
    }
  }

  private quantifier(): { text: string; most: number } | undefined {
    const rest = this.signs.slice(this.at, this.at + 12).join('');
    const match = /^(?:[*+?]|\{(\d{1,3})(?:(,)(\d{1,3})?)?\})/.exec(rest);
    if (!match) {
      return undefined;
    }
    this.at += match[0].length;
    const following = this.signs[this.at];
    if (following && '*+?{'.includes(following)) {
      throw new InputError(
        `the pattern has ${match[0]}${following}, lazy, possessive or repeated repetition`,
      );
    }
    const [text, least, , greatest] = match;
    if (greatest !== undefined && Number(greatest) < Number(least)) {
      throw new InputError(`the pattern has ${text}, an empty range`);
    }
    return { text, most: Number(greatest ?? least ?? 1) };
  }

  private characterClass(): string {
    let text = '[';
    if (this.signs[this.at] === '^') {
      this.at += 1;
      text += '^';
    }
    const empty = text;
    for (;;) {
      const sign = this.next();
      if (sign === ']') {
        if (text === empty) {
          throw new InputError('the pattern has an empty class');
        }
        return `${text}]`;
      }
      if (sign === '[') {
        throw new InputError('the pattern has a [ inside a class');
      }
      const from = this.classMember(sign);
      const isRange =
        this.signs[this.at] === '-' && this.signs[this.at + 1] !== ']';
      if (!isRange) {
        text += from;
        continue;
      }
      this.at += 1;
      const to = this.classMember(this.next());
      if (!isOneSign(from) || !isOneSign(to) || from.at(-1)! > to.at(-1)!) {
        throw new InputError(`the pattern has the range ${from}-${to}`);
      }
      text += `${from}-${to}`;
    }
  }

  private classMember(sign: string): string {
    if (sign !== '\\') {
      return literalSign(sign, false);
    }
    const escaped = this.next();
    return Object.hasOwn(classEscapes, escaped)
      ? classEscapes[escaped]
      : literalSign(escaped, true);
  }

  private next(): string {
    const sign = this.signs[this.at];
    if (sign === undefined) {
      throw new InputError('the pattern ends too soon');
    }
    this.at += 1;
    return sign;
  }
}

function isOneSign(member: string): boolean {
  const length = [...member].length;
  return length === 1 || (length === 2 && /^\\[^tnr]$/.test(member));
}

/** A sign that stands for itself; punctuation is escaped, which all allow. */
function literalSign(sign: string, escaped: boolean): string {
  if (/^[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$/.test(sign)) {
    return `\\${sign}`;
  }
  if (escaped) {
    const control = { t: '\\t', n: '\\n', r: '\\r' }[sign];
    if (control === undefined) {
      throw new InputError(
        `the pattern has \\${sign}, which not every engine knows`,
      );
    }
    return control;
  }
  if (/^\p{Cc}|\p{Cs}$/u.test(sign)) {
    throw new InputError('the pattern has a control character');
  }
  return sign;
}

/**
 * Rewrites a regular expression into one that JavaScript, PostgreSQL and RE2
 * read alike: literals, `.`, classes, groups, `|`, anchors and greedy
 * repetition. `\d`, `\w` and `\s` become their ASCII ranges, groups capture
 * nothing. The last two match these in linear time; counted repetition is
 * limited, as it is paid for in memory.
 *
 * @throws InputError naming what is not in it: look-around, back references,
 *   lazy repetition, Unicode classes
 */
export function portablePattern(pattern: string): string {
  if (pattern.length > MAX_LENGTH) {
    throw new InputError(`the pattern has more than ${MAX_LENGTH} characters`);
  }
  const reader = new PatternReader([...pattern]);
  return reader.read();
}
