/** Whether fields are there, and where. */
export const fieldRules = {
  'field-added': {
    kind: 'field-added',
    effect: 'compatible',
    sentence: 'Readers by name do not see a field that they do not ask for.',
  },
  'field-removed': {
    kind: 'field-dropped',
    effect: 'breaking',
    sentence: 'Whoever reads the field finds nothing.',
  },
  'field-renamed': {
    kind: 'field-renamed',
    effect: 'breaking',
    sentence: 'Readers ask for the field by its old name.',
  },
  'logical-name-changed': {
    kind: 'field-renamed',
    effect: 'risky',
    sentence:
      'The column is called as before; who asks by the name in the contract asks for another one.',
  },
  'field-moved': {
    kind: 'field-moved',
    effect: 'breaking',
    sentence: 'Readers ask for the field by its old path.',
  },
  'fields-reordered': {
    kind: 'order-changed',
    effect: 'compatible',
    sentence:
      'Readers by name do not see the order; readers by position would, as of CSV without a header.',
  },
} as const;
