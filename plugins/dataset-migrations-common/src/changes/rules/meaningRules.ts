/** What is promised of the dataset as a whole, and what things mean. */
export const meaningRules = {
  'quality-added': {
    kind: 'quality-changed',
    effect: 'compatible',
    sentence: 'One more rule that the rows keep.',
  },
  'quality-tightened': {
    kind: 'quality-changed',
    effect: 'compatible',
    sentence: 'The rows keep a stricter rule.',
  },
  'quality-loosened': {
    kind: 'quality-changed',
    effect: 'risky',
    sentence: 'Rows may be worse than they were promised to be.',
  },
  'quality-changed': {
    kind: 'quality-changed',
    effect: 'risky',
    sentence: 'Another rule under the same name, which cannot be compared.',
  },
  'quality-removed': {
    kind: 'quality-changed',
    effect: 'risky',
    sentence: 'Nobody checks any more what was promised.',
  },
  'service-level-added': {
    kind: 'service-level-changed',
    effect: 'compatible',
    sentence: 'One more promise of the service.',
  },
  'service-level-tightened': {
    kind: 'service-level-changed',
    effect: 'compatible',
    sentence: 'The service is better than it was promised to be.',
  },
  'service-level-loosened': {
    kind: 'service-level-changed',
    effect: 'risky',
    sentence:
      'Data may be later, away for longer or gone sooner, or the promise cannot be compared.',
  },
  'service-level-removed': {
    kind: 'service-level-changed',
    effect: 'risky',
    sentence: 'Nobody promises any more what a reader may rely on.',
  },
  'unit-added': {
    kind: 'unit-changed',
    effect: 'compatible',
    sentence: 'The contract says what the numbers count.',
  },
  'unit-changed': {
    kind: 'unit-changed',
    effect: 'risky',
    sentence:
      'The same number is another amount, or the same in other words: people must look.',
  },
  'unit-removed': {
    kind: 'unit-changed',
    effect: 'risky',
    sentence: 'The contract no longer says what the numbers count.',
  },
  'classification-changed': {
    kind: 'classification-changed',
    effect: 'risky',
    sentence:
      'Readers may lose their access, or must handle the values in another way.',
  },
  'classification-removed': {
    kind: 'classification-changed',
    effect: 'compatible',
    sentence: 'Values need not be handled with care any more.',
  },
  'description-changed': {
    kind: 'description-changed',
    effect: 'compatible',
    sentence: 'Other words for the same thing, which people should compare.',
  },
} as const;
