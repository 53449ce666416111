import { readFile } from 'fs/promises';
import path from 'path';
import { ConflictError } from '@backstage/errors';
import { Dialect } from '../formats/csvDialect';
import { Place } from '../places/Place';
import { isMissing } from '../places/realPaths';
import { DurableFiles } from './DurableFiles';
import { ManifestFile, ManifestVersion } from './manifest';
import { entriesOf, parseTryName, runsFolder, tryName } from './runFolders';
import { SourceFile } from './sourceFiles';

/** A slice of the source that becomes one part of the target. */
export interface ChunkPlan {
  /** Index into {@link RunPlan.source}. */
  file: number;
  /** First row and the row after the last, from 0; absent for the whole file. */
  rows?: { from: number; to: number };
}

/** What a run is going to do, written once when it is prepared. */
export interface RunPlan {
  migration: string;
  source: SourceFile[];
  /** Whether a manifest lists the source; otherwise it is all that the folder holds. */
  listed?: boolean;
  chunks: ChunkPlan[];
  /** Where the format tells it without a scan. */
  rowsTotal?: number;
  /** How CSV files are written, as was found in the first of them. */
  dialect?: Dialect;
}

/** A finished part of the target and the rows in it. */
export type Part = ManifestFile & { rows: number };

/** A chunk that is done. */
export interface ChunkRecord {
  token: number;
  part: Part;
  /** Rows that the mapping sets aside; absent where there are none. */
  aside?: Part;
}

/** A file that came after a run was prepared, brought over as a whole. */
export interface ArrivalRecord {
  token: number;
  source: SourceFile;
  chunks: Array<{ rows?: ChunkPlan['rows']; part: Part; aside?: Part }>;
}

/** A slice of a file of the source. */
export interface Slice {
  source: SourceFile;
  rows?: ChunkPlan['rows'];
}

/** A slice and what became of it. */
export interface DoneSlice extends Slice {
  part: Part;
  /** See {@link ChunkRecord.aside}. */
  aside?: Part;
}

/** Everything that was written of slices: parts, and what was set aside. */
export function writtenOf(
  slices: Array<Pick<DoneSlice, 'part' | 'aside'>>,
): Part[] {
  return slices.flatMap(({ part, aside }) => (aside ? [part, aside] : [part]));
}

/** The rows of slices that were set aside. */
export function asideOf(slices: Array<Pick<DoneSlice, 'aside'>>): Part[] {
  return slices.flatMap(({ aside }) => aside ?? []);
}

/** How many rows of the source became some part, or were set aside. */
export function rowsOf({
  part,
  aside,
}: Pick<DoneSlice, 'part' | 'aside'>): number {
  return part.rows + (aside?.rows ?? 0);
}

/**
 * How far one try of a migration got, in a folder of its own beside the data.
 * Its entries are created exclusively, after the parts they speak of are
 * synced: a part without an entry does not exist, an entry stays for ever.
 */
export class RunJournal {
  private constructor(
    private readonly folder: string,
    private readonly files: DurableFiles,
    readonly plan: RunPlan,
  ) {}

  /** The newest try of the migration, undefined when none was prepared. */
  static async find(
    place: Place,
    files: DurableFiles,
    migrationId: string,
  ): Promise<RunJournal | undefined> {
    const tries = (await entriesOf(runsFolder(place)))
      .flatMap(name => parseTryName(name) ?? [])
      .filter(({ id }) => id === migrationId)
      .sort((a, b) => b.token - a.token);
    for (const { name } of tries) {
      const folder = path.join(runsFolder(place), name);
      const plan = await readJson<RunPlan>(path.join(folder, 'plan.json'));
      if (plan) {
        return new RunJournal(folder, files, plan);
      }
    }
    return undefined;
  }

  /** Starts a try; the holder of one token starts one. */
  static async start(
    place: Place,
    files: DurableFiles,
    token: number,
    plan: RunPlan,
  ): Promise<void> {
    const folder = path.join(runsFolder(place), tryName(plan.migration, token));
    await files.makeFolder(folder);
    await files.createExclusive(
      path.join(folder, 'plan.json'),
      `${JSON.stringify(plan)}\n`,
    );
  }

  /** Done chunks by their index. */
  async chunks(): Promise<Map<number, ChunkRecord>> {
    const records = new Map<number, ChunkRecord>();
    for (const name of await entriesOf(this.folder)) {
      const match = /^chunk-(\d+)\.json$/.exec(name);
      if (match) {
        const record = await readJson<ChunkRecord>(
          path.join(this.folder, name),
        );
        // Gone since it was listed: somebody gave the run up meanwhile.
        if (record) {
          records.set(Number(match[1]), record);
        }
      }
    }
    return records;
  }

  /** The slice that is a chunk of the plan. */
  slice(index: number): Slice {
    const { file, rows } = this.plan.chunks[index];
    return { source: this.plan.source[file], rows };
  }

  /**
   * What came later, by its path and in the order of arrival. A file that was
   * written again and brought over again counts as it was last.
   */
  async arrivals(): Promise<Map<string, ArrivalRecord>> {
    const records = new Map<string, ArrivalRecord>();
    for (const name of await this.arrivalNames()) {
      const record = await readJson<ArrivalRecord>(
        path.join(this.folder, name),
      );
      if (record) {
        records.set(record.source.path, record);
      }
    }
    return records;
  }

  /** Every file that was brought over, those that came later at the end. */
  async sources(): Promise<SourceFile[]> {
    const arrivals = [...(await this.arrivals()).values()];
    return [...this.plan.source, ...arrivals.map(({ source }) => source)];
  }

  /**
   * Every slice with its part, in the order of {@link RunJournal.sources}.
   *
   * @throws ConflictError when a chunk of the plan is not copied
   */
  async slices(): Promise<DoneSlice[]> {
    const records = await this.chunks();
    const planned = this.plan.chunks.map((_, index): DoneSlice => {
      const record = records.get(index);
      if (!record) {
        throw new ConflictError(
          `Chunk ${index + 1} of ${this.plan.chunks.length} of migration ${
            this.plan.migration
          } is not copied`,
        );
      }
      const { part, aside } = record;
      return { ...this.slice(index), part, aside };
    });
    const arrived = [...(await this.arrivals()).values()].flatMap(
      ({ source, chunks }) => chunks.map(chunk => ({ source, ...chunk })),
    );
    return [...planned, ...arrived];
  }

  /**
   * What a version was made of: all but what came later and was not taken into it.
   *
   * @param old - the version that was read
   */
  async slicesOf(old: ManifestVersion): Promise<DoneSlice[]> {
    const taken = new Set(
      [...this.plan.source, ...old.files].map(file => file.path),
    );
    return (await this.slices()).filter(({ source }) => taken.has(source.path));
  }

  /** The parts of the target, see {@link RunJournal.slices}. */
  async parts(): Promise<Part[]> {
    return (await this.slices()).map(({ part }) => part);
  }

  /** Whether every chunk of the plan is done. */
  async isCopied(): Promise<boolean> {
    return (await this.chunks()).size === this.plan.chunks.length;
  }

  /**
   * Records a done chunk.
   *
   * @returns the record that stands: where another worker was first, its own
   */
  async record(index: number, record: ChunkRecord): Promise<ChunkRecord> {
    const number = String(index).padStart(6, '0');
    const file = path.join(this.folder, `chunk-${number}.json`);
    const text = `${JSON.stringify(record)}\n`;
    return (await this.files.createExclusive(file, text))
      ? record
      : (await readJson<ChunkRecord>(file)) ?? record;
  }

  /** Records a file that came later. */
  async recordArrival(record: ArrivalRecord): Promise<void> {
    const text = `${JSON.stringify(record)}\n`;
    for (;;) {
      const names = await this.arrivalNames();
      const number = String(names.length + 1).padStart(6, '0');
      const file = path.join(this.folder, `arrival-${number}.json`);
      if (await this.files.createExclusive(file, text)) {
        return;
      }
    }
  }

  private async arrivalNames(): Promise<string[]> {
    return (await entriesOf(this.folder)).filter(name =>
      /^arrival-\d+\.json$/.test(name),
    );
  }
}

/** The files that slices are of, each once. */
export function sourcesOf(slices: Slice[]): SourceFile[] {
  return [
    ...new Map(slices.map(({ source }) => [source.path, source])).values(),
  ];
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}
