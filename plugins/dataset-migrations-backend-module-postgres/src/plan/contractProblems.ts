import { InputError } from '@backstage/errors';
import {
  columnName,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { emitExpression } from '../emit/emitExpression';
import { emitProjection, soleProjection } from '../emit/projection';
import { fits } from '../emit/types';
import { problemOfIdentifier } from '../table/identifiers';
import { Layout, sourceColumns } from '../table/layout';
import { TableDefinition } from '../table/TableDefinition';
import { PlanRequest } from './planTable';

/** The table must be what the old contract says, no more and no less. */
export function compareColumns(
  table: TableDefinition,
  { mapping, display, sourceContract }: PlanRequest,
): string[] {
  const named = new Map(
    mapping.source.map(field => [columnName(field), field]),
  );
  const problems: string[] = [];
  for (const [name, field] of named) {
    const column = table.columns.find(c => c.name === name);
    if (!column) {
      problems.push(
        `Version ${sourceContract.version} of the contract names the column ${name}, which ${display} does not have.`,
      );
    } else if (!fits(column.type, field.type)) {
      problems.push(
        `The column ${name} of ${display} is of type ${column.type}, which is not what version ${sourceContract.version} of the contract says (${field.type.kind}).`,
      );
    }
  }
  for (const { name } of table.columns) {
    if (!named.has(name)) {
      problems.push(
        `${display} has the column ${name}, which version ${sourceContract.version} of the contract does not name; add it to the contract, or drop it from the table.`,
      );
    }
  }
  return problems;
}

/** Whether the new version can be a table of that name with those columns. */
export function problemsOfTarget(request: PlanRequest): string[] {
  const { mapping, targetContract, place, display } = request;
  const problems: string[] = [];
  if (targetContract.schema.physicalName !== place.table) {
    problems.push(
      `Version ${targetContract.version} of the contract names the table ${targetContract.schema.physicalName}; moving ${display} to another name is not supported yet.`,
    );
  }
  const names = mapping.target.map(columnName);
  for (const name of new Set(names)) {
    const problem = problemOfIdentifier(name);
    if (problem) {
      problems.push(`The name of the new column '${name}' ${problem}.`);
    }
    if (names.filter(other => other === name).length > 1) {
      problems.push(`Two fields of the new version are the column ${name}.`);
    }
  }
  return problems;
}

/** Casts and functions that PostgreSQL does not have show when emitted. */
export function problemsOfMapping(
  mapping: Mapping,
  table: TableDefinition,
): string[] {
  const projection = soleProjection(mapping) ?? [];
  const scope = {
    relation: 'source',
    columns: sourceColumns(mapping.source, table.columns),
  };
  const problem = (name: string, emit: () => unknown) => {
    try {
      emit();
      return [];
    } catch (error) {
      if (error instanceof InputError) {
        return [`${name}: ${error.message}.`];
      }
      throw error;
    }
  };
  return [
    ...projection.flatMap(projected =>
      problem(projected.field.name, () => emitProjection([projected], scope)),
    ),
    // A field that a later step drops is in no projection.
    ...(mapping.setAside ?? []).flatMap(({ field, condition }) =>
      problem(field, () => emitExpression(condition, scope)),
    ),
  ].filter(isFirst);
}

function isFirst<T>(item: T, index: number, all: T[]): boolean {
  return all.indexOf(item) === index;
}

/** What PostgreSQL cannot change about a column. */
export function problemsOfLayout(layout: Layout): string[] {
  return layout.columns.flatMap(({ from, newType }) =>
    from?.identity && newType && !/^(smallint|integer|bigint)$/.test(newType)
      ? [
          `The column ${from.name} is an identity column and cannot become ${newType}; drop the identity first.`,
        ]
      : [],
  );
}
