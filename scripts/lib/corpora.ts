import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareContracts } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Explained } from './say.mjs';

const FORMATS = ['odcs', 'datacontract-specification'];
const VERDICTS = ['breaking', 'compatible'];

/** A pair of contracts and what it means for a reader of the old one. */
export interface Case {
  id: string;
  format: string;
  old: string;
  new: string;
  expected: string;
}

/** How a folder of cases was judged. */
export interface Score {
  cases: number;
  right: number;
  wrong: Array<{ id: string; expected: string; got: string }>;
}

/** What a pair of contracts was judged to be, and why. */
export interface Judged {
  got: 'breaking' | 'compatible' | 'unreadable';
  reasons: string[];
}

/** Reads `cases.json` of a folder; what is wrong in it is said by case and key. */
export function readCases(dir: string): Case[] {
  const file = join(dir, 'cases.json');
  const cases = parse(file);
  if (!Array.isArray(cases)) {
    throw new Explained(`${file} must hold a list of cases.`);
  }
  cases.forEach((item, index) => {
    const where = `${file}: case ${index} (${item?.id ?? 'without an id'})`;
    for (const key of ['id', 'old', 'new'] as const) {
      if (typeof item?.[key] !== 'string') {
        throw new Explained(`${where}: ${key} must be a text.`);
      }
    }
    oneOf(item.format, FORMATS, `${where}: format`);
    oneOf(item.expected, VERDICTS, `${where}: expected`);
  });
  return cases;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Explained(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function oneOf(value: unknown, allowed: string[], what: string): void {
  if (!allowed.includes(String(value))) {
    throw new Explained(
      `${what} must be ${allowed.join(' or ')}, not ${JSON.stringify(value)}.`,
    );
  }
}

/** A risk alone breaks nobody for certain, so such a pair is compatible. */
export function judge(pair: Case): Judged {
  try {
    const { changes, effect } = compareContracts(pair.old, pair.new);
    return {
      got: effect === 'breaking' ? 'breaking' : 'compatible',
      reasons: changes
        .filter(change => change.effect === 'breaking')
        .map(({ rule, from, to, summary }) =>
          [rule, from ?? to, summary].filter(Boolean).join(' '),
        ),
    };
  } catch (error) {
    return { got: 'unreadable', reasons: [(error as Error).message] };
  }
}

/** Judges all cases and counts. */
export function score(
  cases: Case[],
  onWrong: (pair: Case, judged: Judged) => void = () => {},
): Score {
  const wrong: Score['wrong'] = [];
  for (const pair of cases) {
    const judged = judge(pair);
    if (judged.got !== pair.expected) {
      wrong.push({ id: pair.id, expected: pair.expected, got: judged.got });
      onWrong(pair, judged);
    }
  }
  return { cases: cases.length, right: cases.length - wrong.length, wrong };
}
