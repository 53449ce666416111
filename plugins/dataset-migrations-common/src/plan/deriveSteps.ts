import { JsonValue } from '@backstage/types';
import { FieldMatch, FieldPair, matchFields } from '../changes/matchFields';
import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { hasSeveralObjects } from '../contracts/objects';
import { pairObjects } from '../contracts/pairObjects';
import { Contract, Field, FieldType, SchemaObject } from '../contracts/types';
import { castRule } from '../expressions/castRule';
import { DerivedStep } from './DerivedStep';
import { renameSteps } from './renameSteps';

/**
 * The steps that follow from the difference of two contracts. A step with a
 * question is a guess: the difference can be read in more than one way.
 *
 * @throws InputError when an object is in one of the versions only
 */
export function deriveSteps(from: Contract, to: Contract): DerivedStep[] {
  return pairObjects(from, to).flatMap(pair => {
    const steps = stepsBetween(pair.from.fields, pair.to.fields);
    return hasSeveralObjects(from)
      ? steps.map(step => within(pair.from, step))
      : steps;
  });
}

function within({ name }: SchemaObject, step: DerivedStep): DerivedStep {
  const { question } = step;
  return {
    object: name,
    ...step,
    ...(question && { question: `Of \`${name}\`: ${question}` }),
  };
}

function stepsBetween(from: Field[], to: Field[]): DerivedStep[] {
  const match = matchFields(from, to);
  const replaced = match.pairs.filter(isReplaced);
  const guessed = guessRenames(match);
  const guessedGone = new Set(guessed.map(pair => pair.from));
  const guessedNew = new Set(guessed.map(pair => pair.to));
  const renames = [
    ...match.pairs.filter(pair => pair.from.name !== pair.to.name),
    ...guessed,
  ];
  return [
    ...match.gone
      .filter(field => !guessedGone.has(field))
      .map(field => drop(field)),
    ...replaced.map(({ from: field }) => ({
      ...drop(field),
      question: `\`${field.name}\` has another id in the new version: is it another field of that name?`,
    })),
    ...renameSteps(
      renames,
      [...from, ...to].map(field => field.name),
      guessedGone,
    ),
    ...[...match.pairs, ...guessed]
      .filter(pair => !replaced.includes(pair))
      .filter(pair => !sameType(pair.from.type, pair.to.type))
      .map(pair => cast(pair.to)),
    ...[
      ...replaced.map(pair => pair.to),
      ...match.added.filter(field => !guessedNew.has(field)),
    ].map(add),
  ];
}

/** One name, but two ids. */
function isReplaced({ from, to }: FieldPair): boolean {
  return (
    from.name === to.name &&
    from.id !== undefined &&
    to.id !== undefined &&
    from.id !== to.id
  );
}

/**
 * A field that went and one that came may be the same field. Only ids on both
 * sides rule that out.
 */
function guessRenames({ gone, added }: FieldMatch): FieldPair[] {
  const left = [...added];
  const pairs: FieldPair[] = [];
  const take = (fits: (a: Field, b: Field) => boolean) => {
    for (const field of gone) {
      if (pairs.some(pair => pair.from === field)) {
        continue;
      }
      const index = left.findIndex(
        other =>
          (field.id === undefined || other.id === undefined) &&
          fits(field, other),
      );
      if (index >= 0) {
        pairs.push({ from: field, to: left.splice(index, 1)[0] });
      }
    }
  };
  take((a, b) => sameType(a.type, b.type));
  take((a, b) => {
    const rule = castRule(a.type, b.type);
    return rule.possible && rule.exact;
  });
  return pairs;
}

function drop(field: Field): DerivedStep {
  return { agent: 'drop-field', payload: { field: field.name } };
}

function cast(field: Field): DerivedStep {
  return { agent: 'cast-type', payload: { field: field.name } };
}

function add(field: Field): DerivedStep {
  const step = { agent: 'add-field', payload: { field: field.name } };
  const hasValue = field.default !== undefined && field.default !== null;
  return hasValue || !field.required
    ? step
    : {
        agent: 'add-field',
        payload: { field: field.name, default: emptyValue(field.type) },
        question: `\`${field.name}\` (${formatFieldType(
          field.type,
        )}) is required and has no default: which value do its rows get?`,
      };
}

/** A value to begin with, for the author to replace. */
function emptyValue(type: FieldType): JsonValue {
  switch (type.kind) {
    case 'boolean':
      return false;
    case 'integer':
    case 'decimal':
    case 'float':
      return 0;
    case 'date':
      return '1970-01-01';
    case 'time':
      return '00:00:00';
    case 'timestamp':
      return '1970-01-01T00:00:00';
    case 'uuid':
      return '00000000-0000-0000-0000-000000000000';
    case 'array':
      return [];
    case 'json':
    case 'object':
      return {};
    default:
      return '';
  }
}
