import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCrashSuite } from '../../e2e-tests/torture/crashSuite';
import { runFleetSuite } from '../../e2e-tests/torture/fleet/fleetSuite';
import { runWritesSuite } from '../../e2e-tests/torture/writes/writesSuite';
import { command } from '../lib/bootstrap.mjs';
import { Explained, say } from '../lib/say.mjs';

const HELP = `npm run torture -- --suite <name> [options]
  --suite <name>   crash: kills workers and PostgreSQL in the middle of migrations
                   writes: the same while applications write to the table
                   fleet: campaigns, while anything of the fleet is killed, paused, cut off
  --seed <n>       of the random moments (1)
  --rounds <n>     crash: random moments per engine and victim (20)
                   writes: migrations, each forward and back (30)
  --minutes <n>    fleet: how long campaigns are begun (10)
  --json <file>    where to write {suite, seed, failures, ...}`;

interface Suite {
  /** How much of it: the name of the option, and its default. */
  measure: 'rounds' | 'minutes';
  usual: number;
  run(options: {
    seed: number;
    amount: number;
    log: (message: string) => void;
  }): Promise<{ failures: unknown[] }>;
}

const suites: Record<string, Suite> = {
  crash: {
    measure: 'rounds',
    usual: 20,
    run: ({ amount, ...rest }) => runCrashSuite({ rounds: amount, ...rest }),
  },
  writes: {
    measure: 'rounds',
    usual: 30,
    run: ({ amount, ...rest }) => runWritesSuite({ rounds: amount, ...rest }),
  },
  fleet: {
    measure: 'minutes',
    usual: 10,
    run: ({ amount, ...rest }) => runFleetSuite({ minutes: amount, ...rest }),
  },
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
      minutes: { type: 'string' },
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
  const { measure, usual } = suite;
  const other = measure === 'rounds' ? 'minutes' : 'rounds';
  if (values[other] !== undefined) {
    throw new Explained(
      `--${other} is not for --suite ${values.suite}, which takes --${measure}.`,
    );
  }
  const report = await suite.run({
    seed: wholeNumber(values.seed, '--seed'),
    amount: wholeNumber(values[measure] ?? String(usual), `--${measure}`),
    log: say,
  });
  if (values.json) {
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  const { failures, ...figures } = report;
  for (const [name, value] of Object.entries(figures)) {
    say(
      `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    );
  }
  say(
    failures.length ? `${failures.length} failures` : 'every run ended right',
  );
  return failures.length ? 1 : 0;
});
