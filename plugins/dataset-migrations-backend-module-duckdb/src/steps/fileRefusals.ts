import {
  columnName,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { hasAgents } from '../agents/runSegments';
import { stagedRelation } from '../agents/stagedRelation';
import { EngineContext } from '../EngineContext';
import { Dialect } from '../formats/csvDialect';
import { FileColumn, Format } from '../formats/Format';
import { formatOf } from '../formats/formatOf';
import { partitionsOf } from '../places/partitions';
import { Place } from '../places/Place';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { resolveFile } from '../publishing/manifestFiles';
import { SourceFile } from '../publishing/sourceFiles';
import {
  columnProblems,
  columnsAmong,
  fileRelation,
  partitionColumns,
} from '../relations/fileRelation';
import { partitionFields } from '../relations/partitionFolders';
import { mappedRows } from '../quarantine/splitRows';
import { projectFields } from '../relations/projectFields';
import { UnsupportedError } from '../sql/UnsupportedError';

/** Files whose columns are looked at; the others are when they are copied. */
const LOOKED_AT = 50;

/**
 * Why the files, or what the mapping makes of them, cannot be migrated.
 *
 * @param known.columns - in the first file, where they are known already
 */
export async function fileRefusals(
  { knownToWork }: Pick<EngineContext, 'knownToWork'>,
  session: Session,
  place: Place,
  source: SourceFile[],
  mapping: Mapping,
  known: { dialect?: Dialect; columns?: FileColumn[] },
): Promise<string[]> {
  const format = formatOf(place, known.dialect);
  const refusals = new Set<string>();
  for (const [index, file] of source.slice(0, LOOKED_AT).entries()) {
    const absolute = resolveFile(place.folder, file);
    const ofFirst = index === 0 ? known.columns : undefined;
    const columns = [
      ...(ofFirst ?? (await format.columns(session.query, absolute))),
      ...partitionColumns(file.path),
    ];
    const problems = columnProblems(place.format, columns, mapping.source);
    problems.forEach(problem => refusals.add(`'${file.path}' ${problem}`));
    if (problems.length === 0) {
      const look = () =>
        mappingProblems(session, place, format, { file, columns }, mapping);
      const found = format.typed
        ? await knownToWork.problems(columns, mapping, look)
        : await look();
      found.forEach(problem => refusals.add(problem));
    }
  }
  const missing = await missingKeys(session, place, format, source, mapping);
  return [...refusals, ...missing, ...emptyParts(source, mapping)];
}

/**
 * Fields that no line of any file has. The first lines are looked at, all of
 * them only where a field was not found there.
 */
async function missingKeys(
  { query }: Session,
  place: Place,
  format: Format,
  source: SourceFile[],
  mapping: Mapping,
): Promise<string[]> {
  if (!format.keys) {
    return [];
  }
  const missing = new Set(mapping.source.map(columnName));
  partitionsOf(source[0].path).forEach(({ name }) => missing.delete(name));
  let rows = false;
  for (const look of [format.columns, format.keys]) {
    for (const file of source) {
      if (missing.size > 0) {
        const found = await look(query, resolveFile(place.folder, file));
        rows ||= found.length > 0;
        found.forEach(item =>
          missing.delete(typeof item === 'string' ? item : item.name),
        );
      }
    }
  }
  return rows
    ? [...missing].map(name => `No line has the key '${name}' of the contract`)
    : [];
}

/** What DuckDB cannot compute as the mapping means it. */
async function mappingProblems(
  session: Session,
  place: Place,
  format: Format,
  source: { file: SourceFile; columns: FileColumn[] },
  mapping: Mapping,
): Promise<string[]> {
  const file = resolveFile(place.folder, source.file);
  const read = columnsAmong(format, source.columns, mapping.source);
  try {
    let relation = mappedRows(
      fileRelation(format, file, read, mapping.source),
      mapping,
    );
    for (const segment of mapping.segments) {
      if (segment.kind === 'agent') {
        relation = stagedRelation(file, segment.output);
        continue;
      }
      const values = projectFields(relation, segment.fields);
      if (!hasAgents(mapping)) {
        const outputs = values.map(({ field, sql, untouched }) =>
          untouched ? sql : format.write(sql, field.type),
        );
        // Types and functions are checked by DuckDB itself, no row is read.
        await session.query(
          `EXPLAIN SELECT ${outputs.join(', ')} FROM ${relation.sql}`,
        );
      }
    }
    return nestedProblems(place, mapping);
  } catch (error) {
    if (error instanceof UnsupportedError) {
      return [error.message];
    }
    if (error instanceof QueryError) {
      return [error.message];
    }
    throw error;
  }
}

/** Agents get and give JSON, which only NDJSON can hold as it is. */
function nestedProblems(place: Place, mapping: Mapping): string[] {
  if (place.format === 'ndjson' || !hasAgents(mapping)) {
    return [];
  }
  return [...mapping.source, ...mapping.target]
    .filter(({ type }) => type.kind === 'array' || type.kind === 'object')
    .map(
      ({ name }) =>
        `'${name}' is nested and cannot pass through an agent in a ${place.format} file`,
    );
}

/** Files cannot hold rows without any column. */
function emptyParts([first]: SourceFile[], mapping: Mapping): string[] {
  const names = partitionsOf(first.path).map(({ name }) => name);
  return partitionFields(mapping, names).length < mapping.target.length
    ? []
    : ['No column would be left in the files, only the names of their folders'];
}
