import { FieldPair } from '../changes/matchFields';
import { Field } from '../contracts/types';
import { DerivedStep } from './DerivedStep';

/** A field on its way to its new name. */
interface Renaming {
  pair: FieldPair;
  current: string;
}

/**
 * Renames in an order in which no name is taken twice. Names that are exchanged
 * need a third one for a moment.
 *
 * @param names - of all fields of both versions
 * @param guessed - fields whose new name is a guess
 */
export function renameSteps(
  pairs: FieldPair[],
  names: string[],
  guessed: ReadonlySet<Field>,
): DerivedStep[] {
  const steps: DerivedStep[] = [];
  const open = pairs.map(
    (pair): Renaming => ({ pair, current: pair.from.name }),
  );
  const rename = (renaming: Renaming, to: string) => {
    steps.push({
      agent: 'rename-field',
      payload: { from: renaming.current, to },
      ...questionOf(renaming.pair, guessed),
    });
    renaming.current = to;
  };
  while (open.length > 0) {
    const free = open.findIndex(renaming => isFree(renaming, open));
    if (free >= 0) {
      const [renaming] = open.splice(free, 1);
      rename(renaming, renaming.pair.to.name);
    } else {
      rename(open[0], unusedName(names));
    }
  }
  return steps;
}

function isFree({ pair }: Renaming, open: Renaming[]): boolean {
  return !open.some(other => other.current === pair.to.name);
}

function unusedName(names: string[]): string {
  let name = 'renaming';
  while (names.includes(name)) {
    name = `${name}_`;
  }
  return name;
}

function questionOf(
  { from, to }: FieldPair,
  guessed: ReadonlySet<Field>,
): Pick<DerivedStep, 'question'> {
  return guessed.has(from)
    ? {
        question: `Is \`${to.name}\` the former \`${from.name}\`? Otherwise drop one and add the other.`,
      }
    : {};
}
