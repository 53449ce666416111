import { mockLogger } from '../../mockLogger';
import { ConformanceRow, Corruption, EngineHarness, LiveWrite } from '../types';
import { Fault } from './faults';
import { ReferenceEngine } from './ReferenceEngine';
import { ReferenceStore, StoredTable, turn } from './ReferenceStore';

/** @param faults - what is wrong with the engine of this world */
export function createReferenceHarness(...faults: Fault[]): EngineHarness {
  const store = new ReferenceStore();
  const wrong = new Set(faults);
  const copy = (rows: ConformanceRow[]) => rows.map(row => ({ ...row }));
  return {
    engine: new ReferenceEngine(store, wrong),
    logger: mockLogger(),
    patience: 200,
    liveWrites: ['insert', 'update', 'delete', 'truncate'],
    async createWorker() {
      return new ReferenceEngine(store, wrong);
    },
    async createDoomedWorker(limit) {
      let steps = 0;
      const dead = () => steps >= limit;
      const count = () => {
        steps = Math.min(limit, steps + 1);
        if (dead()) {
          throw new Error('This worker is dead');
        }
      };
      return {
        engine: new ReferenceEngine(store, wrong, count),
        dead,
        async dispose() {},
      };
    },
    async createDataset({ name, fields, rows }) {
      store.datasets.set(name, {
        live: { fields, rows: copy(rows), writes: 0 },
        fence: 0,
        runs: new Map(),
      });
      return {
        physicalName: name,
        servers: [{ server: 'memory', type: 'reference', properties: {} }],
      };
    },
    async read({ physicalName }) {
      await turn();
      return copy(store.dataset(physicalName).live.rows);
    },
    async readTogether(datasets) {
      await turn();
      return datasets.map(({ physicalName }) =>
        copy(store.dataset(physicalName).live.rows),
      );
    },
    async readVersion({ physicalName }, version) {
      const { runs, live } = store.dataset(physicalName);
      const run = [...runs.values()].find(
        ({ policy, phase, fromVersion, toVersion }) =>
          policy === 'coexist' &&
          (phase === 'cut-over'
            ? [fromVersion, toVersion].includes(version)
            : phase === 'retired' && version === toVersion),
      );
      return (
        run && copy(version === run.toVersion ? run.shadow.rows : live.rows)
      );
    },
    async corrupt({ location, migrationId }, corruption) {
      const dataset = store.dataset(location.detail.name as string);
      corrupt(dataset.runs.get(migrationId)!.shadow, corruption);
    },
    quarantine: {
      async read({ location, migrationId }) {
        const { runs } = store.dataset(location.detail.name as string);
        const aside = runs.get(migrationId)?.aside;
        return aside && copy(aside);
      },
      async corrupt({ location, migrationId }, corruption) {
        const { runs } = store.dataset(location.detail.name as string);
        const run = runs.get(migrationId)!;
        const table = { fields: [], rows: copy(run.aside!), writes: 0 };
        corrupt(table, corruption);
        run.aside = table.rows;
      },
    },
    async write({ physicalName }, write) {
      const { live } = store.dataset(physicalName);
      live.rows = written(live.rows, write);
      live.writes += 1;
    },
    async leftovers({ physicalName }) {
      const { runs } = store.dataset(physicalName);
      return [...runs].flatMap(([id, { phase, kept }]) =>
        kept || phase === 'prepared' || phase === 'copied' ? [id] : [],
      );
    },
    async dispose() {},
  };
}

function corrupt(shadow: StoredTable, corruption: Corruption): void {
  const row = (key: number) => shadow.rows.find(({ id }) => id === key)!;
  switch (corruption.kind) {
    case 'alter':
      row(corruption.key)[corruption.column] = corruption.value;
      break;
    case 'drop':
      shadow.rows = shadow.rows.filter(({ id }) => id !== corruption.key);
      break;
    case 'double':
      shadow.rows.push({ ...row(corruption.key) });
      break;
    case 'exchange': {
      const [a, b] = corruption.keys.map(row);
      const { column } = corruption;
      [a[column], b[column]] = [b[column], a[column]];
      break;
    }
    default:
      row(corruption.key)[corruption.column] = '';
  }
}

function written(rows: ConformanceRow[], write: LiveWrite): ConformanceRow[] {
  switch (write.kind) {
    case 'insert':
      return [...rows, { ...write.row }];
    case 'update':
      return rows.map(row =>
        row.id === write.key ? { ...row, [write.column]: write.value } : row,
      );
    case 'delete':
      return rows.filter(({ id }) => id !== write.key);
    default:
      return [];
  }
}
