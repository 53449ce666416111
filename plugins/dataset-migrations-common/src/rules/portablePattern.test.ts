import fc from 'fast-check';
import { portablePattern } from './portablePattern';

describe('portablePattern', () => {
  it.each([
    ['^[A-Z]{2}\\d+$', '^[A-Z]{2}[0-9]+$'],
    ['a.c', 'a[^\\n\\r]c'],
    ['(foo|bar)?baz', '(?:foo|bar)?baz'],
    ['(?:x){2,}', '(?:x){2,}'],
    ['[\\w.-]+@x', '[A-Za-z0-9_\\.\\-]+\\@x'],
    ['^(\\w+\\.)*\\w+$', '^(?:[A-Za-z0-9_]+\\.)*[A-Za-z0-9_]+$'],
  ])('writes %s as %s', (pattern, expected) => {
    expect(portablePattern(pattern)).toBe(expected);
  });

  it.each([
    ['(?=x)', 'the group (?='],
    ['(?i)x', 'the group (?i'],
    ['(a)\\1', '\\1, which not every engine knows'],
    ['\\p{L}', '\\p, which not every engine knows'],
    ['\\bword', '\\b, which not every engine knows'],
    ['a*?', '*?, lazy'],
    ['a{2}{3}', '{2}{, lazy'],
    ['((a{50}){50})', 'repeats something more than 1000 times'],
    ['a{3,2}', 'an empty range'],
    ['[z-a]', 'the range z-a'],
    ['[[:alpha:]]', 'a [ inside a class'],
    ['(a', 'ends too soon'],
    ['a)', 'a ) without ('],
    ['*a', 'a * with nothing before it'],
    ['^*', 'repeats an anchor'],
    ['[]', 'an empty class'],
    ['***:x', 'a * with nothing before it'],
    ['('.repeat(11) + ')'.repeat(11), 'nests its groups too deeply'],
    ['a'.repeat(501), 'more than 500 characters'],
  ])('refuses %s', (pattern, message) => {
    expect(() => portablePattern(pattern)).toThrow(message);
  });

  it('matches what the pattern itself matches', () => {
    const atom = fc.constantFrom(
      'a',
      'B',
      '7',
      '_',
      '-',
      '\\.',
      '.',
      '\\d',
      '\\w',
      '\\s',
      '[a-c]',
      '[^B7]',
      '(a|7B)',
      '(?:_|-)',
    );
    const part = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}'))
      .map(([sign, repeated]) => sign + repeated);
    const patterns = fc
      .tuple(
        fc.constantFrom('', '^'),
        fc.array(part, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', '$'),
      )
      .map(([start, parts, end]) => start + parts.join('') + end);
    const texts = fc.string({
      unit: fc.constantFrom(...'aBc7_- .'),
      maxLength: 8,
    });
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(new RegExp(portablePattern(pattern)).test(text)).toBe(
          new RegExp(pattern).test(text),
        );
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });
});
