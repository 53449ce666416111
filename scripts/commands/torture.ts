import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCrashSuite, SuiteReport } from '../../e2e-tests/torture/crashSuite';
import { command } from '../lib/bootstrap.mjs';
import { Explained, say } from '../lib/say.mjs';

const HELP = `npm run torture -- --suite crash [options]
  --suite <name>   crash: kills workers and PostgreSQL in the middle of migrations
  --seed <n>       of the random moments (1)
  --rounds <n>     random moments per engine and victim (20)
  --json <file>    where to write {suite, seed, rounds, failures}`;

type Suite = (options: {
  seed: number;
  rounds: number;
  log: (message: string) => void;
}) => Promise<SuiteReport>;

const suites: Record<string, Suite> = { crash: runCrashSuite };

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
      rounds: { type: 'string', default: '20' },
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
  const report = await suite({
    seed: wholeNumber(values.seed, '--seed'),
    rounds: wholeNumber(values.rounds, '--rounds'),
    log: say,
  });
  if (values.json) {
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  say(
    report.failures.length
      ? `${report.failures.length} failures`
      : 'every run ended right',
  );
  return report.failures.length ? 1 : 0;
});
