import { access, constants, statfs } from 'fs/promises';
import { isError } from '@backstage/errors';
import {
  Engine,
  EnginePlan,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { hasAgents } from '../agents/runSegments';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { subfoldersWithData } from '../places/dataFiles';
import { overlaps } from '../places/overlaps';
import { Place } from '../places/Place';
import { resolvePlace } from '../places/resolvePlace';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { currentVersion, Manifest } from '../publishing/manifest';
import { resolveFile } from '../publishing/manifestFiles';
import { readManifest } from '../publishing/readManifest';
import {
  SourceFile,
  assertCurrent,
  sourceFiles,
} from '../publishing/sourceFiles';
import { nameProblems } from '../relations/columnName';
import { fileRefusals } from './fileRefusals';

type PlanRequest = Parameters<Engine['plan']>[0];

/**
 * Files are always written anew, beside the old ones. From metadata only: what
 * Parquet says of its rows, what the file system says of the rest.
 */
export async function plan(
  context: EngineContext,
  request: PlanRequest,
): Promise<EnginePlan> {
  const place = await resolvePlace(context.settings.roots, request.location);
  const manifest = await readManifest(place.state);
  const source = await sourceFiles(place, manifest);
  const bytes = source.reduce((sum, file) => sum + file.bytes, 0);
  const refusals = [
    ...(await placeRefusals(place, manifest, source, request)),
    ...(await diskRefusals(place, bytes)),
    ...nameProblems(request.mapping.source),
    ...nameProblems(request.mapping.target),
  ];
  const base: EnginePlan = {
    strategy: 'shadow-copy',
    bytes,
    notes: notes(place, manifest, request),
    refusals,
  };
  if (source.length === 0 || refusals.length > 0) {
    return base;
  }
  const signal = new AbortController().signal;
  return context.pool.withSession(place.folder, signal, async session => {
    try {
      return {
        ...base,
        ...(await sizes(context, session, place, source)),
        refusals: await fileRefusals(session, place, source, request.mapping),
      };
    } catch (error) {
      if (error instanceof QueryError) {
        const refusal = `The files cannot be read: ${error.message}`;
        return { ...base, refusals: [refusal] };
      }
      throw error;
    }
  });
}

async function placeRefusals(
  place: Place,
  manifest: Manifest | undefined,
  source: SourceFile[],
  { location, sourceContract }: PlanRequest,
): Promise<string[]> {
  const refusals: string[] = [];
  try {
    assertCurrent(manifest, sourceContract.version);
  } catch (error) {
    refusals.push(isError(error) ? error.message : String(error));
  }
  if (source.length === 0) {
    refusals.push(`${location.display} has no ${place.format} files`);
  }
  if (!currentVersion(manifest)) {
    for (const name of await subfoldersWithData(place)) {
      refusals.push(
        `The subfolder '${name}' holds files too, which the path does not name; use a pattern such as */*`,
      );
    }
  }
  for (const other of await overlaps(place)) {
    refusals.push(`The same files were published as ${other}`);
  }
  return refusals;
}

async function diskRefusals(place: Place, bytes: number): Promise<string[]> {
  const refusals: string[] = [];
  await access(place.folder, constants.R_OK | constants.W_OK).catch(() => {
    refusals.push('The worker may not read and write where the files are');
  });
  const { bavail, bsize } = await statfs(place.folder);
  const free = bavail * bsize;
  if (bytes > free) {
    refusals.push(
      `The copy needs about ${megabytes(bytes)} and ${megabytes(
        free,
      )} are free where the files are`,
    );
  }
  return refusals;
}

function notes(
  place: Place,
  manifest: Manifest | undefined,
  { policy, mapping }: PlanRequest,
): string[] {
  const found = [
    'New files are written beside the old ones; readers see the one version or the other by the manifest, never a mixture.',
  ];
  if (!currentVersion(manifest)) {
    found.push(
      'After this first migration readers must find the files through the manifest; who reads the folder itself goes on to see the old version.',
    );
  }
  if (policy === 'coexist') {
    found.push('The old version stays what readers get who ask for none.');
  }
  if (place.format !== 'parquet') {
    found.push('Each file is one chunk: a crash does at most one file again.');
  }
  if (hasAgents(mapping)) {
    found.push(
      'Rows pass through an agent, in batches, and once more to verify.',
    );
  }
  return found;
}

async function sizes(
  { settings }: EngineContext,
  session: Session,
  place: Place,
  source: SourceFile[],
): Promise<Pick<EnginePlan, 'rows' | 'chunks'>> {
  const { chunks, rowsTotal } = await formatOf(place).cut(
    session.query,
    source.map(file => resolveFile(place.folder, file)),
    settings.chunkRows,
  );
  return { rows: rowsTotal, chunks: chunks.length };
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
