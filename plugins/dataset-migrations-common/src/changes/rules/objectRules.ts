/** All that happens to tables and the places they are in. */
export const objectRules = {
  'object-added': {
    kind: 'object-added',
    effect: 'compatible',
    sentence: 'Nobody reads an object yet that was not there.',
  },
  'object-removed': {
    kind: 'object-dropped',
    effect: 'breaking',
    sentence: 'Whoever reads the object finds nothing.',
  },
  'object-renamed': {
    kind: 'object-renamed',
    effect: 'breaking',
    sentence: 'Readers ask for the object by its old name.',
  },
  'object-kind-changed': {
    kind: 'object-kind-changed',
    effect: 'breaking',
    sentence:
      'A table is read in another way than a topic, a file or a document. A view is read as a table is.',
  },
  'object-kind-stated': {
    kind: 'object-kind-changed',
    effect: 'compatible',
    sentence: 'The contract says what the object is, which it did not before.',
  },
  'location-added': {
    kind: 'location-changed',
    effect: 'compatible',
    sentence: 'The data is where it was, and also elsewhere.',
  },
  'location-changed': {
    kind: 'location-changed',
    effect: 'breaking',
    sentence: 'Readers look for the data in its old place, or format.',
  },
  'location-stated': {
    kind: 'location-changed',
    effect: 'compatible',
    sentence: 'The contract says more of a place than it did before.',
  },
  'location-removed': {
    kind: 'location-changed',
    effect: 'breaking',
    sentence: 'Whoever reads from this server finds nothing.',
  },
  'rows-set-aside': {
    kind: 'rows-set-aside',
    effect: 'breaking',
    sentence: 'Readers of any field of the object get fewer rows.',
  },
} as const;
