import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCrashSuite } from '../../e2e-tests/torture/crashSuite';
import { runWritesSuite } from '../../e2e-tests/torture/writes/writesSuite';
import { command } from '../lib/bootstrap.mjs';
import { Explained, say } from '../lib/say.mjs';

const HELP = `npm run torture -- --suite <name> [options]
  --suite <name>   crash: kills workers and PostgreSQL in the middle of migrations
                   writes: the same while applications write to the table
  --seed <n>       of the random moments (1)
  --rounds <n>     crash: random moments per engine and victim (20)
                   writes: migrations, each forward and back (30)
  --json <file>    where to write {suite, seed, rounds, failures, ...}`;

type Suite = (options: {
  seed: number;
  rounds: number;
  log: (message: string) => void;
}) => Promise<{ failures: unknown[] }>;

const suites: Record<string, { run: Suite; rounds: number }> = {
  crash: { run: runCrashSuite, rounds: 20 },
  writes: { run: runWritesSuite, rounds: 30 },
};

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new Explained(`${name} must be a whole number, not '${text}'.`);
  }
  return Number(text);
}

command(async () => {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string' },
      seed: { type: 'string', default: '1' },
      rounds: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const suite = suites[values.suite ?? ''];
  if (!suite) {
    throw new Explained(
      `--suite must be one of ${Object.keys(suites).join(', ')}, not '${
        values.suite ?? ''
      }'.`,
    );
  }
  const report = await suite.run({
    seed: wholeNumber(values.seed, '--seed'),
    rounds: wholeNumber(values.rounds ?? String(suite.rounds), '--rounds'),
    log: say,
  });
  if (values.json) {
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  const { failures, ...figures } = report;
  for (const [name, value] of Object.entries(figures)) {
    say(`${name}: ${value}`);
  }
  say(
    failures.length ? `${failures.length} failures` : 'every run ended right',
  );
  return failures.length ? 1 : 0;
});
