/** What is promised of values beyond their type. */
export const promiseRules = {
  'required-added': {
    kind: 'required-changed',
    effect: 'compatible',
    sentence: 'A reader that expects NULL does not get it any more.',
  },
  'required-removed': {
    kind: 'required-changed',
    effect: 'breaking',
    sentence: 'A reader that does not expect NULL may get it.',
  },
  'unique-added': {
    kind: 'unique-changed',
    effect: 'compatible',
    sentence: 'Readers find a value once at most.',
  },
  'unique-removed': {
    kind: 'unique-changed',
    effect: 'breaking',
    sentence: 'Joins by the field may multiply rows.',
  },
  'key-added': {
    kind: 'primary-key-changed',
    effect: 'compatible',
    sentence: 'Rows have a key now.',
  },
  'key-kept': {
    kind: 'primary-key-changed',
    effect: 'compatible',
    sentence: 'What identified a row still does so.',
  },
  'key-changed': {
    kind: 'primary-key-changed',
    effect: 'breaking',
    sentence: 'What identified a row does not do so any more.',
  },
  'key-removed': {
    kind: 'primary-key-changed',
    effect: 'breaking',
    sentence: 'Nothing identifies a row any more.',
  },
  'reference-added': {
    kind: 'references-changed',
    effect: 'compatible',
    sentence: 'Values refer to what the contract did not name before.',
  },
  'reference-removed': {
    kind: 'references-changed',
    effect: 'risky',
    sentence: 'Joins along the reference may lose rows.',
  },
  'enum-added': {
    kind: 'enum-changed',
    effect: 'compatible',
    sentence: 'Values are limited to a list now.',
  },
  'enum-removed': {
    kind: 'enum-changed',
    effect: 'breaking',
    sentence: 'Values may come that a reader does not know.',
  },
  'enum-value-added': {
    kind: 'enum-changed',
    effect: 'breaking',
    sentence:
      'A reader that branches on the values meets one it does not know.',
  },
  'enum-value-removed': {
    kind: 'enum-changed',
    effect: 'breaking',
    sentence: 'A reader that looks for the value finds nothing.',
  },
  'range-tightened': {
    kind: 'options-changed',
    effect: 'compatible',
    sentence: 'All values that may come could come before.',
  },
  'range-loosened': {
    kind: 'options-changed',
    effect: 'breaking',
    sentence: 'Values may come that were excluded.',
  },
  'size-tightened': {
    kind: 'options-changed',
    effect: 'compatible',
    sentence: 'All lengths that may come could come before.',
  },
  'size-loosened': {
    kind: 'options-changed',
    effect: 'breaking',
    sentence: 'Shorter texts, or shorter or longer lists, may come.',
  },
  'pattern-added': {
    kind: 'options-changed',
    effect: 'compatible',
    sentence: 'Texts have a pattern now.',
  },
  'pattern-changed': {
    kind: 'options-changed',
    effect: 'breaking',
    sentence:
      'Whether one pattern allows only what another one does is not decided here, so texts may come that were excluded.',
  },
  'pattern-removed': {
    kind: 'options-changed',
    effect: 'breaking',
    sentence: 'Texts may come that a reader cannot take apart.',
  },
  'format-added': {
    kind: 'options-changed',
    effect: 'compatible',
    sentence: 'The contract says how values are written.',
  },
  'format-changed': {
    kind: 'options-changed',
    effect: 'breaking',
    sentence: 'Values are written in another way.',
  },
  'format-removed': {
    kind: 'options-changed',
    effect: 'breaking',
    sentence: 'Values may be written in any way.',
  },
  'option-added': {
    kind: 'options-changed',
    effect: 'compatible',
    sentence: 'One more promise of the values.',
  },
  'option-changed': {
    kind: 'options-changed',
    effect: 'breaking',
    sentence: 'A promise of the values is gone, or another one.',
  },
  'values-rewritten': {
    kind: 'values-changed',
    effect: 'breaking',
    sentence: 'Readers get other values under the same name.',
  },
} as const;
