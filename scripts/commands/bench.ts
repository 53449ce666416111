import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchmarks } from '../../benchmarks';
import { Figure } from '../../benchmarks/types';
import { command } from '../lib/bootstrap.mjs';
import { requireFreeSpace } from '../lib/disk.mjs';
import { STATE } from '../lib/paths.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { Explained, say } from '../lib/say.mjs';

const HELP = `npm run bench -- [options]
  --only <name>    only the figure of that name; may be repeated
  --datasets <n>   datasets of a campaign, 10000 by default
  --json <file>    where to write [{name, value, unit, target, lowerIsBetter}]`;

command(async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      datasets: { type: 'string', default: '10000' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const datasets = Number(values.datasets);
  if (!Number.isInteger(datasets) || datasets < 100) {
    throw new Explained(
      `--datasets must be a whole number from 100, not '${values.datasets}'.`,
    );
  }
  const names = benchmarks.flatMap(benchmark => benchmark.figures);
  const only = values.only ?? names;
  const unknown = only.find(name => !names.includes(name));
  if (unknown !== undefined) {
    throw new Explained(
      `--only must be one of ${names.join(', ')}, not '${unknown}'.`,
    );
  }
  const chosen = benchmarks.filter(benchmark =>
    benchmark.figures.some(name => only.includes(name)),
  );

  requireFreeSpace(STATE, 12 * 1024 ** 3, 'the benchmarks');
  const root = join(STATE, `bench-${process.pid}`);
  mkdirSync(root, { recursive: true });
  const figures: Figure[] = [];
  try {
    const postgres = await startPostgres({
      dataDir: join(root, 'postgres'),
      settings: { shared_buffers: '1GB', max_wal_size: '8GB' },
    });
    for (const [index, benchmark] of chosen.entries()) {
      const dir = join(root, String(index));
      mkdirSync(dir);
      say(`measuring ${benchmark.figures.join(', ')} ...`);
      const measured = await benchmark.run({
        dir,
        connectionString: postgres.connectionString,
        datasets,
        log: say,
      });
      figures.push(...measured.filter(({ name }) => only.includes(name)));
    }
    await postgres.stop();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }

  process.stdout.write(table(figures));
  if (values.json) {
    writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
  }
  return figures.every(reached) ? 0 : 1;
});

function reached({ value, target, lowerIsBetter }: Figure): boolean {
  return lowerIsBetter ? value <= target : value >= target;
}

/** A table in Markdown, as docs/benchmarks.md has it. */
function table(figures: Figure[]): string {
  const lines = figures.map(figure => {
    const { name, value, unit, target, lowerIsBetter } = figure;
    return `| \`${name}\` | ${value.toFixed(2)} ${unit} | ${
      lowerIsBetter ? '≤' : '≥'
    } ${target} ${unit} | ${reached(figure) ? 'reached' : 'missed'} |`;
  });
  return `\n| figure | measured | target | |\n| --- | --- | --- | --- |\n${lines.join(
    '\n',
  )}\n\n`;
}
