import { randomUUID } from 'crypto';
import { readFile, stat, writeFile, mkdir } from 'fs/promises';
import path from 'path';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import {
  ConformanceRow,
  Corruption,
  EngineHarness,
  HarnessDataset,
  LiveWrite,
  conformanceOwner,
  conformanceRows,
  mockLogger,
} from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { DuckDbEngine } from '../DuckDbEngine';
import { FormatName } from '../places/Place';
import { DuckDbPool } from '../process/DuckDbPool';
import {
  PublishedManifest,
  currentOf,
  filesBelow,
  plainFiles,
  readPublished,
} from './publishedFiles';
import { publishedAside, quarantineFiles } from './quarantineFiles';
import { readRows, writeRows } from './rowFiles';
import { makeWorld } from './world';

/**
 * Chunks of the kit's main dataset, which are files where a file is a chunk. Two
 * are worked on at a time; the migration that is killed at every step has two.
 */
const CHUNKS = 4;

/** The world of one check, with datasets of one format. */
export async function createHarness(
  format: FormatName,
  pool: DuckDbPool,
): Promise<EngineHarness> {
  const world = await makeWorld({
    chunkRows: Math.ceil(conformanceRows / CHUNKS),
    owner: conformanceOwner,
    pool,
  });
  const { settings } = world;
  const folderOf = ({ physicalName }: HarnessDataset) =>
    path.join(world.root, physicalName);
  const readAll = async (files: string[]) =>
    (await Promise.all(files.map(file => readRows(format, file)))).flat();

  return {
    engine: world.engine,
    logger: mockLogger(),
    liveWrites: ['insert', 'update', 'delete', 'truncate'],

    async createWorker() {
      return world.worker();
    },

    async createDoomedWorker(step) {
      let steps = 0;
      const onStep = async (name: string) => {
        // To die after one side effect is to die before the next; a worker that
        // dies after the last one has done all that one does that lives.
        steps += name.startsWith('before ') ? 1 : 0;
        if (steps >= step) {
          throw new Error('This worker is dead');
        }
      };
      return {
        engine: new DuckDbEngine(settings, { onStep, pool }),
        dead: () => steps >= step,
        dispose: async () => {},
      };
    },

    async createDataset({ name, fields, rows }) {
      const folder = path.join(world.root, name);
      await mkdir(folder);
      const names = fields.map(field => field.name);
      const files = format === 'parquet' ? 1 : CHUNKS;
      const perFile = Math.ceil(rows.length / files);
      for (let index = 0; index < files; index++) {
        await writeRows(
          format,
          path.join(folder, `data-${index}.${format}`),
          names,
          rows.slice(index * perFile, (index + 1) * perFile),
        );
      }
      return {
        physicalName: name,
        servers: [
          {
            server: 'files',
            type: 'local',
            properties: { path: '{model}', format },
          },
        ],
      };
    },

    async read(dataset) {
      const folder = folderOf(dataset);
      const current = currentOf(await readPublished(folder));
      return readAll(
        current
          ? current.files.map(file => path.join(folder, file.path))
          : await plainFiles(folder),
      );
    },

    async readVersion(dataset, version) {
      const folder = folderOf(dataset);
      const found = (await readPublished(folder))?.versions.find(
        candidate =>
          candidate.version === version &&
          ['current', 'coexisting'].includes(candidate.state),
      );
      return found && readAll(found.files.map(f => path.join(folder, f.path)));
    },

    corrupt: (run, corruption) => corrupt(world.root, format, run, corruption),

    quarantine: quarantineFiles(world.root, format),

    async write(dataset, write) {
      await writeLive(format, folderOf(dataset), write);
    },

    async arrive(dataset, rows) {
      const name = `late-${String(rows[0].id)}.${format}`;
      const names = Object.keys(rows[0]);
      await writeRows(format, path.join(folderOf(dataset), name), names, rows);
    },

    async leftovers(dataset) {
      const folder = folderOf(dataset);
      const versions = (await readPublished(folder))?.versions ?? [];
      // A version that was rolled back is taken from readers, and its files stay
      // until the clean up for who is in the middle of reading them.
      const rightful = new Set(
        versions
          .filter(({ state }) => state !== 'kept')
          .flatMap(({ files }): Array<{ path: string }> => files)
          .concat(await publishedAside(folder))
          .map(file => path.join(folder, file.path)),
      );
      const kept = versions
        .filter(({ state }) => state === 'kept')
        .map(({ version }) => `kept ${version}`);
      const parts = [
        ...(await filesBelow(path.join(folder, '_skein/versions'))),
        ...(await filesBelow(path.join(folder, '_skein/quarantine'))),
      ];
      return [...kept, ...parts.filter(part => !rightful.has(part))];
    },

    async dispose() {
      await world.close();
    },
  };
}

/** Alters parts that are journaled and not published. */
async function corrupt(
  root: string,
  format: FormatName,
  run: EngineRun,
  corruption: Corruption,
): Promise<void> {
  const folder = path.join(root, run.targetContract.schema.physicalName);
  const records = (await filesBelow(path.join(folder, '_skein/runs')))
    .filter(file => path.basename(file).startsWith('chunk-'))
    .sort();
  const parts = await Promise.all(
    records.map(async record => {
      const { part } = JSON.parse(await readFile(record, 'utf8'));
      const file = path.join(folder, part.path);
      return { file, rows: await readRows(format, file) };
    }),
  );
  const all = parts.flatMap(part => part.rows.map(row => ({ part, row })));
  const find = (key: number) => all.find(({ row }) => row.id === key)!;
  switch (corruption.kind) {
    case 'alter':
      find(corruption.key).row[corruption.column] = corruption.value;
      break;
    case 'drop': {
      const { part, row } = find(corruption.key);
      part.rows = part.rows.filter(other => other !== row);
      break;
    }
    case 'double': {
      const { part, row } = find(corruption.key);
      part.rows.push({ ...row });
      break;
    }
    case 'exchange': {
      const [a, b] = corruption.keys.map(key => find(key).row);
      const { column } = corruption;
      [a[column], b[column]] = [b[column], a[column]];
      break;
    }
    default:
      find(corruption.key).row[corruption.column] = '';
  }
  const names = run.mapping.target.map(({ name }) => name);
  for (const { file, rows } of parts) {
    await writeRows(format, file, names, rows);
  }
}

/**
 * Writes as an application does: into the folder before the first migration,
 * by a manifest of its own after it.
 */
async function writeLive(
  format: FormatName,
  folder: string,
  write: LiveWrite,
): Promise<void> {
  const manifest = await readPublished(folder);
  const current = currentOf(manifest);
  const files = current
    ? current.files.map(file => path.join(folder, file.path))
    : await plainFiles(folder);
  if (write.kind === 'insert' && !current) {
    const names = Object.keys(write.row);
    const added = path.join(folder, `zz.${format}`);
    await writeRows(format, added, names, [write.row]);
    return;
  }
  const rows = (
    await Promise.all(files.map(file => readRows(format, file)))
  ).map(found => apply(found, write));
  if (write.kind === 'insert') {
    rows[0].push(write.row);
  }
  const names = Object.keys(rows.flat()[0] ?? (await firstRow(format, files)));
  if (!manifest || !current) {
    for (const [index, file] of files.entries()) {
      await writeRows(format, file, names, rows[index]);
    }
    return;
  }
  const entries: PublishedManifest['versions'][number]['files'] = [];
  for (const found of rows) {
    const name = `written-${randomUUID()}.${format}`;
    const file = path.join(folder, name);
    await writeRows(format, file, names, found);
    const { size, mtimeNs } = await stat(file, { bigint: true });
    entries.push({ path: name, bytes: Number(size), modified: `${mtimeNs}` });
  }
  const next = {
    ...manifest,
    number: manifest.number + 1,
    event: 'written',
    versions: manifest.versions.map(version =>
      version === current ? { ...version, files: entries } : version,
    ),
  };
  await writeFile(
    path.join(
      folder,
      '_skein/manifests',
      `${String(next.number).padStart(8, '0')}.json`,
    ),
    JSON.stringify(next),
    { flag: 'wx' },
  );
}

function apply(rows: ConformanceRow[], write: LiveWrite): ConformanceRow[] {
  switch (write.kind) {
    case 'update':
      return rows.map(row =>
        row.id === write.key ? { ...row, [write.column]: write.value } : row,
      );
    case 'delete':
      return rows.filter(row => row.id !== write.key);
    case 'truncate':
      return [];
    default:
      return rows;
  }
}

async function firstRow(
  format: FormatName,
  files: string[],
): Promise<ConformanceRow> {
  return (await readRows(format, files[0]))[0];
}
