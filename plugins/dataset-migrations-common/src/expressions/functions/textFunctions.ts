import { FieldType } from '../../contracts/types';
import { TEXT } from '../literals';
import { Expression } from '../types';
import {
  anyText,
  checked,
  Checker,
  INTEGER,
  MAX_COUNT,
  nonEmptyText,
  wholeNumber,
} from './checkers';
import { declare, ExpressionFunction } from './types';

const textFunction =
  (name: string, checkers: Checker[], type: FieldType = TEXT) =>
  (args: Expression[]) => ({ args: checked(name, args, checkers), type });

const SPACE: Expression = { op: 'literal', value: ' ', type: TEXT };

function trimFunction(
  name: string,
  spellings: readonly string[],
  where: string,
): ExpressionFunction {
  return declare(name, {
    spellings,
    signature: `${name}(text [, characters]) → text`,
    description: `Removes any of the characters from ${where}. Always has both arguments in the tree; a blank by default.`,
    resolve: args => ({
      args: checked(name, args.length === 1 ? [args[0], SPACE] : args, [
        anyText,
        nonEmptyText,
      ]),
      type: TEXT,
    }),
  });
}

function padFunction(name: string, where: string): ExpressionFunction {
  return declare(name, {
    signature: `${name}(text, length [, fill]) → text`,
    description: `Fills up ${where} to the length; cuts at the right what is longer. Always has three arguments in the tree; filled with blanks by default.`,
    resolve: args => ({
      args: checked(name, args.length === 2 ? [...args, SPACE] : args, [
        anyText,
        wholeNumber(0, MAX_COUNT),
        nonEmptyText,
      ]),
      type: TEXT,
    }),
  });
}

/** Functions of text. */
export const textFunctions: ExpressionFunction[] = [
  declare('lower', {
    signature: 'lower(text) → text',
    description: 'Character by character, independent of a locale.',
    resolve: textFunction('lower', [anyText]),
  }),
  declare('upper', {
    signature: 'upper(text) → text',
    description:
      'Character by character, independent of a locale; characters whose capital is more than one character stay.',
    resolve: textFunction('upper', [anyText]),
  }),
  trimFunction('trim', ['trim', 'btrim'], 'both ends'),
  trimFunction('ltrim', ['ltrim'], 'the start'),
  trimFunction('rtrim', ['rtrim'], 'the end'),
  declare('length', {
    spellings: ['length', 'char_length', 'character_length'],
    signature: 'length(text) → integer',
    description: 'Number of characters (Unicode code points).',
    resolve: textFunction('length', [anyText], INTEGER),
  }),
  declare('substring', {
    spellings: ['substring', 'substr'],
    signature: 'substring(text, start [, count]) → text',
    description:
      'From a position, counted from 1. Start and count are written out.',
    resolve: args => ({
      args: checked(
        'substring',
        args,
        [anyText, wholeNumber(1, MAX_COUNT), wholeNumber(0, MAX_COUNT)],
        1,
      ),
      type: TEXT,
    }),
  }),
  declare('left', {
    signature: 'left(text, count) → text',
    description: 'The first characters.',
    resolve: textFunction('left', [anyText, wholeNumber(0, MAX_COUNT)]),
  }),
  declare('right', {
    signature: 'right(text, count) → text',
    description: 'The last characters.',
    resolve: textFunction('right', [anyText, wholeNumber(0, MAX_COUNT)]),
  }),
  declare('replace', {
    signature: 'replace(text, from, to) → text',
    description: 'Every occurrence of a text that is written out.',
    resolve: textFunction('replace', [anyText, nonEmptyText, anyText]),
  }),
  declare('split_part', {
    signature: 'split_part(text, delimiter, n) → text',
    description:
      'The n-th part, counted from 1; an empty text where there is none.',
    resolve: textFunction('split_part', [
      anyText,
      nonEmptyText,
      wholeNumber(1, MAX_COUNT),
    ]),
  }),
  padFunction('lpad', 'at the left'),
  padFunction('rpad', 'at the right'),
  declare('concat', {
    signature: 'concat(text, ...) → text',
    description: 'Joins texts; NULL counts as an empty text.',
    nullable: 'never',
    resolve: args => ({
      args: checked(
        'concat',
        args,
        Array.from({ length: Math.max(args.length, 1) }, () => anyText),
      ),
      type: TEXT,
    }),
  }),
];
