import {
  Contract,
  Field,
  Mapping,
  PreflightFinding,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  exprFields,
  formatFieldType,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  Engine,
  EnginePreflight,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { finalProjection, hasAgents } from '../agents/runSegments';
import { EngineContext } from '../EngineContext';
import { reasonsFor } from '../quarantine/splitRows';
import { projectFields } from '../relations/projectFields';
import { Relation, RelationField } from '../relations/Relation';
import { spell } from '../relations/spell';
import { ident, literal } from '../sql/quote';
import { Scope } from '../sql/Scope';
import { duplicates, uniqueKeys } from '../verification/uniqueKeys';
import { Chunk } from './chunkRelation';
import { failsAt } from './explainFailure';
import { OpenSource, withSource } from './withSource';

type PreflightRequest = Parameters<Engine['preflight']>[0];

/** A condition that no row may meet. */
interface Rule {
  kind: string;
  field: string;
  message: string;
  /** SQL that is true for an offending row. */
  violated: string;
  /** The source fields whose values show what is wrong. */
  shown: RelationField[];
}

/**
 * Scans the source for rows that the migration would stop at: values that are
 * not what the contract says, casts and computations that fail, missing values,
 * keys that occur twice. What an imperative agent makes of rows is seen by the
 * verification only.
 */
export async function preflight(
  context: EngineContext,
  request: PreflightRequest,
): Promise<EnginePreflight> {
  const { location, mapping, signal } = request;
  return withSource(context, location, mapping, signal, async source => {
    const findings = new Map<string, PreflightFinding>();
    const keys: string[] = [];
    let rowsScanned = 0;
    for (let index = 0; index < source.count; index++) {
      const chunk = await source.chunk(index);
      rowsScanned += await scan(source, chunk, request, findings);
      keys.push(keySelect(chunk.relation, request));
    }
    if (!hasAgents(mapping)) {
      await findDuplicates(source, keys, request, findings);
    }
    return { rowsScanned, findings: [...findings.values()] };
  });
}

async function scan(
  { session }: OpenSource,
  { relation }: Chunk,
  request: PreflightRequest,
  findings: Map<string, PreflightFinding>,
): Promise<number> {
  const { mapping } = request;
  const rules = [
    ...sourceRules(relation, mapping),
    ...asideRules(relation, mapping),
    ...(hasAgents(mapping)
      ? []
      : ofMapped(targetRules(relation, request), relation, mapping)),
  ];
  const counts = rules.map(
    ({ violated }, index) => `count(*) FILTER (WHERE ${violated}) AS r${index}`,
  );
  const [found] = await session.query(
    `SELECT ${['count(*) AS n', ...counts].join(', ')} FROM ${relation.sql}`,
  );
  for (const [index, rule] of rules.entries()) {
    const rows = Number(found[`r${index}`]);
    if (rows === 0) {
      continue;
    }
    // The message says the type, too: a field may be cast to several.
    const key = `${rule.kind}:${rule.field}:${rule.message}`;
    const before = findings.get(key);
    const samples = before?.samples ?? [];
    if (samples.length < request.samples) {
      const values = rule.shown.map(({ field, text }) =>
        rule.shown.length === 1
          ? `${text}`
          : `${literal(`${field.name}=`)} || coalesce(${text}, 'NULL')`,
      );
      const rowsFound = await session.query(
        `SELECT DISTINCT left(concat_ws(', ', ${values.join(
          ', ',
        )}), 200) AS value FROM ${relation.sql} WHERE ${
          rule.violated
        } ORDER BY value LIMIT ${request.samples - samples.length}`,
      );
      samples.push(...rowsFound.map(({ value }) => String(value)));
    }
    findings.set(key, {
      kind: rule.kind,
      field: rule.field,
      rows: rows + (before?.rows ?? 0),
      message: rule.message,
      samples: [...new Set(samples)],
    });
  }
  return Number(found.n);
}

/**
 * The source is what its contract says. Of a row that is set aside only what
 * decides about that has to be.
 */
function sourceRules(relation: Relation, mapping: Mapping): Rule[] {
  const deciding = new Set(
    (mapping.setAside ?? []).flatMap(({ condition }) => exprFields(condition)),
  );
  return [...relation.fields.values()].flatMap(source => {
    const { field, raw } = source;
    const read = readOrUndefined(source);
    if (read === undefined || read === raw) {
      return [];
    }
    const rule: Rule = {
      kind: 'type-mismatch',
      field: field.name,
      message: `'${field.name}' holds values that are no ${formatFieldType(
        field.type,
      )}, which its contract says it is`,
      violated: failsAt(read),
      shown: [source],
    };
    return deciding.has(field.name)
      ? [rule]
      : ofMapped([rule], relation, mapping);
  });
}

/** What cannot be read as its type is only passed through, never computed with. */
function readOrUndefined(source: RelationField): string | undefined {
  try {
    return source.read(new Scope());
  } catch {
    return undefined;
  }
}

/** Rows that are set aside, which is no reason not to begin. */
function asideRules(relation: Relation, mapping: Mapping): Rule[] {
  const reasons = reasonsFor(relation, mapping);
  return (mapping.setAside ?? []).map(({ field, value, type }, index) => ({
    kind: 'rows-set-aside',
    field,
    message: `'${field}' cannot be cast to ${formatFieldType(
      type,
    )}; these rows will be set aside`,
    violated: isTrue(reasons[index].condition),
    shown: exprFields(value).flatMap(name => relation.fields.get(name) ?? []),
  }));
}

/** What is set aside need not satisfy anything. */
function ofMapped(rules: Rule[], relation: Relation, mapping: Mapping): Rule[] {
  const aside = reasonsFor(relation, mapping)
    .map(({ condition }) => ` AND NOT ${isTrue(condition)}`)
    .join('');
  return rules.map(rule => ({ ...rule, violated: rule.violated + aside }));
}

/** False, too, for what cannot be read as what its contract says it is. */
function isTrue(condition: string): string {
  return `coalesce(TRY(${condition}), FALSE)`;
}

/** The target can be computed and has what it must have. */
function targetRules(relation: Relation, request: PreflightRequest): Rule[] {
  const projection = finalProjection(request.mapping);
  return projectFields(relation, projection).flatMap((value, index) => {
    const { field, sql, untouched } = value;
    const shown = exprFields(projection[index].expression).flatMap(
      name => relation.fields.get(name) ?? [],
    );
    const rules: Rule[] = [];
    const sound = shown
      .flatMap(source => readOrUndefined(source) ?? [])
      .map(read => ` AND NOT ${failsAt(read)}`)
      .join('');
    if (!untouched) {
      rules.push({
        kind: 'cast-fails',
        field: field.name,
        message: `'${field.name}' cannot be computed as ${formatFieldType(
          field.type,
        )} for some rows`,
        violated: `${failsAt(sql)}${sound}`,
        shown,
      });
    }
    if (targetField(request.targetContract, field).required) {
      rules.push({
        kind: 'not-null-violated',
        field: field.name,
        message: `'${field.name}' is required and would be NULL`,
        violated: `coalesce(TRY((${sql}) IS NULL), FALSE)`,
        shown,
      });
    }
    return rules;
  });
}

function targetField(contract: Contract, field: Field): Field {
  return (
    contract.schema.fields.find(({ name }) => name === field.name) ?? field
  );
}

function keySelect(relation: Relation, request: PreflightRequest): string {
  const keys = uniqueKeys(request.mapping.target).flat();
  if (keys.length === 0 || hasAgents(request.mapping)) {
    return '';
  }
  const projection = finalProjection(request.mapping).filter(({ field }) =>
    keys.some(({ name }) => name === field.name),
  );
  const columns = projectFields(relation, projection).map(
    ({ field, sql }) => `TRY(${sql}) AS ${ident(field.name)}`,
  );
  const mapped = reasonsFor(relation, request.mapping).map(
    ({ condition }) => ` AND NOT ${isTrue(condition)}`,
  );
  return `SELECT ${columns.join(', ')} FROM ${
    relation.sql
  } WHERE TRUE${mapped.join('')}`;
}

async function findDuplicates(
  { session }: OpenSource,
  selects: string[],
  request: PreflightRequest,
  findings: Map<string, PreflightFinding>,
): Promise<void> {
  for (const key of uniqueKeys(request.mapping.target)) {
    const groups = duplicates(key, `(${selects.join(' UNION ALL ')})`);
    const [total] = await session.query(
      `SELECT coalesce(sum(n), 0) AS n FROM (${groups})`,
    );
    const rows = Number(total.n);
    if (rows > 0) {
      const shown = key.map(({ name, type }) => spell(ident(name), type));
      const samples = await session.query(
        `SELECT concat_ws(', ', ${shown.join(
          ', ',
        )}) AS value FROM (${groups}) ORDER BY value LIMIT ${request.samples}`,
      );
      const field = key.map(({ name }) => name).join(', ');
      findings.set(`duplicate-key:${field}`, {
        kind: 'duplicate-key',
        field,
        rows,
        message: `'${field}' must be unique and is not`,
        samples: samples.map(({ value }) => String(value)),
      });
    }
  }
}
