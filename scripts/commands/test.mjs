import { parseArgs } from 'node:util';
import { command } from '../lib/bootstrap.mjs';
import { capture } from '../lib/lifetime.mjs';
import { ROOT } from '../lib/paths.mjs';
import { Explained, complain, messageOf, say } from '../lib/say.mjs';
import { failed, inWords, sum } from '../testing/counts.mjs';
import { describeFailures } from '../testing/failures.mjs';
import { parts } from '../testing/parts.mjs';
import { testEnvironment } from '../testing/environment.mjs';

const HELP = `npm test -- [options]
  --only <part>   one of ${Object.keys(parts).join(', ')}; may be repeated`;

/**
 * What runs at the same time on two cores: the checks, which use one core each;
 * then Jest, which uses both; then the browser, which must not wait for others;
 * then what starts processes, kills them, and waits for much of its time. API
 * reports are taken from what the compiler wrote.
 */
const ORDER = [
  [
    ['prettier', 'lint'],
    ['types', 'api-reports'],
  ],
  [['jest']],
  [['browser'], ['scripts', 'deploy']],
  [['e2e'], ['torture-crash', 'torture-fleet', 'torture-writes']],
];

/** Shows whole lines, each with the part that it comes from. */
function printer(name) {
  let rest = '';
  return text => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) process.stdout.write(`[${name}] ${line}\n`);
  };
}

async function runPart(name, env) {
  const print = printer(name);
  const begun = Date.now();
  print('...\n');
  let counts;
  try {
    counts = await parts[name]({
      print,
      run: (program, args, options) =>
        capture(program, args, { cwd: ROOT, env, onOutput: print, ...options }),
    });
  } catch (error) {
    complain(error);
    counts = failed({ name, message: messageOf(error) });
  }
  const seconds = Math.round((Date.now() - begun) / 1000);
  print(`\n${inWords(counts)} in ${seconds} s\n`);
  return { name, counts };
}

command(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const only = values.only ?? Object.keys(parts);
  const unknown = only.find(name => !parts[name]);
  if (unknown !== undefined) {
    throw new Explained(
      `--only must be one of ${Object.keys(parts).join(
        ', ',
      )}, not '${unknown}'.`,
    );
  }

  const begun = Date.now();
  const env = await testEnvironment(only);
  const results = [];
  for (const lanes of ORDER) {
    await Promise.all(
      lanes.map(async lane => {
        for (const name of lane.filter(part => only.includes(part))) {
          results.push(await runPart(name, env));
        }
      }),
    );
  }

  for (const { name, counts } of results) say(`${name}: ${inWords(counts)}`);
  say(`all of it in ${Math.round((Date.now() - begun) / 1000)} s`);
  const total = sum(results.map(({ counts }) => counts));
  for (const line of describeFailures(total.failures)) say(line);
  process.stdout.write(`${inWords(total)}\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});
