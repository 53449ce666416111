import { InputError } from '@backstage/errors';
import { caseFields, hostileExpressions } from '../testUtils';
import { parseExpression } from './parseExpression';
import { initPlanning } from './parser/sqlParser';
import { printExpression } from './printExpression';

beforeAll(initPlanning);

/** Why a text is refused, without the text and without what is allowed. */
function reasonFor(text: string): string {
  try {
    parseExpression(text, [...caseFields]);
  } catch (error) {
    if (error instanceof InputError) {
      const [said] = error.message.split(/; (?:allowed|there) are /);
      return said.slice(said.indexOf(shortened(text)) + shortened(text).length);
    }
    throw error;
  }
  return 'not at all';
}

/** As messages quote it. */
function shortened(text: string): string {
  const quoted = JSON.stringify(text);
  return `${quoted.length > 80 ? `${quoted.slice(0, 77)}...` : quoted}: `;
}

const all = hostileExpressions.flatMap(({ refusals }) => refusals);

describe('G10: hostile expressions', () => {
  it('are many, and none is there twice', () => {
    expect(all.length).toBeGreaterThan(400);
    expect(new Set(all.map(([text]) => text)).size).toBe(all.length);
  });

  describe.each([...hostileExpressions])('$what', ({ refusals }) => {
    it.each(
      refusals.map(([text, reason]) => ({
        title: JSON.stringify(text).slice(0, 70),
        text,
        reason,
      })),
    )('$title', ({ text, reason }) => {
      expect(reasonFor(text)).toBe(reason);
    });
  });

  it('leave the parser able to read the next one', () => {
    const text = "name || '!'";
    expect(printExpression(parseExpression(text, [...caseFields]))).toBe(text);
  });
});
