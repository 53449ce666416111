/** What values a field can hold, by its type. */
export const typeRules = {
  'type-widened': {
    kind: 'type-changed',
    effect: 'compatible',
    sentence:
      'The new type holds every value of the old one, and SQL and drivers widen numbers by themselves.',
  },
  'type-narrowed': {
    kind: 'type-changed',
    effect: 'breaking',
    sentence: 'Some values of the old type cannot be there any more.',
  },
  'type-replaced': {
    kind: 'type-changed',
    effect: 'breaking',
    sentence: 'Values of another kind are read in another way.',
  },
  'text-to-uuid': {
    kind: 'type-changed',
    effect: 'risky',
    sentence:
      'Most drivers give a UUID as text, but functions of text do not take one.',
  },
  'type-stated': {
    kind: 'type-changed',
    effect: 'compatible',
    sentence: 'The contract says what it did not say before.',
  },
  'type-unstated': {
    kind: 'type-changed',
    effect: 'risky',
    sentence: 'The contract no longer says what readers will get.',
  },
  'logical-type-changed': {
    kind: 'type-changed',
    effect: 'risky',
    sentence:
      'The store keeps the same type; what its values mean may be another thing.',
  },
  'physical-type-changed': {
    kind: 'type-changed',
    effect: 'risky',
    sentence:
      'The store calls the type otherwise, in a spelling that cannot be compared.',
  },
  'precision-raised': {
    kind: 'type-changed',
    effect: 'risky',
    sentence:
      'Every old value fits; a reader whose own column has the old precision rounds or refuses new ones.',
  },
  'precision-lowered': {
    kind: 'type-changed',
    effect: 'breaking',
    sentence: 'Values with as many digits as before cannot be there any more.',
  },
  'precision-limited': {
    kind: 'type-changed',
    effect: 'risky',
    sentence:
      'A limit of digits where there was none: what was longer is rounded or refused.',
  },
  'length-raised': {
    kind: 'length-changed',
    effect: 'risky',
    sentence:
      'Longer texts may come; a reader with columns of fixed width cuts or refuses them.',
  },
  'length-lowered': {
    kind: 'length-changed',
    effect: 'breaking',
    sentence: 'Texts as long as before cannot be there any more.',
  },
  'length-limited': {
    kind: 'length-changed',
    effect: 'risky',
    sentence: 'A limit of length where there was none.',
  },
} as const;
