import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { compareContracts } from '../compatibility/compareContracts';
import { formatProblem } from '../documents/problems';
import { validateContract } from './parseContract';
import { readComparableContract } from './readComparableContract';

const FOLDER = join(__dirname, '__fixtures__/odcs-examples');

const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.odcs.yaml'))
  .sort();

/** What is refused, with what sentences; all else is accepted. */
const refusals: Record<
  'migration' | 'comparison',
  Record<string, string[]>
> = parse(textOf('refusals.yaml'));

describe('the examples of the standard', () => {
  it('are all here', () => {
    const counts = new Map<string, number>();
    for (const [folder] of files.map(file => file.split('/'))) {
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      negative: 28,
      'v3.0.2': 9,
      'v3.1.0': 18,
      'v3.2.0': 18,
    });
    for (const listed of Object.values(refusals).map(Object.keys)) {
      expect(files).toEqual(expect.arrayContaining(listed));
    }
  });

  it.each(files.filter(file => !refusals.comparison[file]))(
    '%s can be compared, and differs in nothing from itself',
    file => {
      const text = textOf(file);
      expect(compareContracts(text, text).changes).toEqual([]);
    },
  );

  it.each(Object.entries(refusals.comparison))(
    'G10: %s is no contract to compare, and it is said why',
    (file, sentences) => {
      expect(() => readComparableContract(textOf(file))).toThrow(
        `Invalid contract: ${sentences.join('; ')}`,
      );
    },
  );

  it.each(files)('G10: %s can be migrated to, or it is said why not', file => {
    const sentences = refusals.migration[file] ?? [];
    const { contract, problems } = validateContract(textOf(file));
    expect(problems.map(formatProblem)).toEqual(sentences);
    expect(contract === undefined).toBe(sentences.length > 0);
  });

  it('G10: are refused where the standard refuses them, and compared where not', () => {
    const isRubbish = (file: string) => file.startsWith('negative/');
    expect(
      files.filter(file => isRubbish(file) && !refusals.migration[file]),
    ).toEqual([]);
    expect(
      Object.keys(refusals.comparison).filter(file => !isRubbish(file)),
    ).toEqual([]);
  });
});
