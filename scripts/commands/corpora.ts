import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { command } from '../lib/bootstrap.mjs';
import { readCases, score } from '../lib/corpora';
import { Explained, say } from '../lib/say.mjs';

const HELP = `npm run corpora -- --dir <folder> [options]
  --dir <folder>   where cases.json is: [{id, format, old, new, expected}]
  --json <file>    where to write {cases, right, wrong: [{id, expected, got}]}

Compares pairs of contracts, in ODCS or in the older Data Contract Specification,
and counts the verdicts that are as expected. Exits 0 when all of them are.`;

command(async () => {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  if (values.dir === undefined) {
    throw new Explained('--dir must name the folder of a cases.json.');
  }
  const result = score(readCases(resolve(values.dir)), (pair, judged) => {
    say(`${pair.id}: expected ${pair.expected}, got ${judged.got}`);
    for (const reason of judged.reasons) {
      say(`  ${reason}`);
    }
  });
  say(`${result.right} of ${result.cases} verdicts are as expected.`);
  if (values.json) {
    writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
  }
  return result.wrong.length === 0 ? 0 : 1;
});
