import semver from 'semver';
import { describeAcceptance } from '../changes/acceptedChanges';
import { Change } from '../changes/types';
import {
  describeEvidence,
  isDeclared,
  isFollower,
  isFound,
  isKnownInFull,
  isShared,
  readsSince,
  summarizeEvidence,
  withoutRuns,
} from './evidence';
import { list, overlap } from './fieldNames';
import { hearRuns } from './silence';
import { Consumer, ConsumerVerdict, UnreadSource, Verdict } from './types';

/** A judgement before it is known whether it blocks. */
interface Judgement {
  verdict: Verdict;
  reasons: string[];
  touchedBy: Change[];
}

/**
 * What a schema object is called in the two versions.
 *
 * @public
 */
export interface ObjectNames {
  from: string;
  to: string;
}

/**
 * Judges every consumer for the move to another version of a dataset.
 *
 * @param options.changes - between the two versions
 * @param options.fields - names of the dataset's fields in both versions; a
 *   consumer that says it reads a field of neither version is `unknown`
 * @param options.objects - names of the dataset's schema objects in both
 *   versions where it has several, and its fields and changes are named
 *   `object.field`. A consumer may name an object, for all of its fields, and
 *   leave it out before a field: then it reads the fields of that name of all
 *   objects
 * @param options.strict - a constraint that excludes the target breaks even
 *   when no field it reads is touched
 * @public
 */
export function judgeConsumers(options: {
  consumers: readonly Consumer[];
  changes: readonly Change[];
  toVersion: string;
  fields?: readonly string[];
  objects?: readonly ObjectNames[];
  strict?: boolean;
}): ConsumerVerdict[] {
  const { objects = [] } = options;
  const breaking = options.changes.filter(
    change => change.effect === 'breaking',
  );
  const risky = options.changes.filter(change => change.effect === 'risky');
  const known = options.fields && knownFields(options.fields, options.changes);
  return options.consumers.map(consumer => {
    const reader = withObjects(consumer, objects, known);
    const context = {
      breaking,
      known,
      objects,
      toVersion: options.toVersion,
      strict: options.strict ?? false,
    };
    const judgement = withSilence(judge(reader, context), consumer, context);
    const risks = touching(reader, risky, objects);
    const perhaps = isKnownInFull(reader)
      ? []
      : risky.filter(
          change => change.from !== undefined && !risks.includes(change),
        );
    return {
      consumer,
      verdict: judgement.verdict,
      reasons: [
        ...judgement.reasons,
        ...risks.map(
          risk => `at risk: ${withAcceptance(reasonFor(reader, risk), risk)}`,
        ),
        ...(perhaps.length > 0
          ? [`at risk, depending on what it reads: ${listSummaries(perhaps)}`]
          : []),
      ],
      touchedBy: [...judgement.touchedBy, ...risks],
      blocking:
        judgement.verdict === 'breaks' ||
        (judgement.verdict === 'unknown' && breaking.length > 0),
    };
  });
}

/**
 * What {@link changesConcerning} looks at besides the consumer; as for
 * {@link judgeConsumers}.
 *
 * @public
 */
export interface ConcerningOptions {
  changes: readonly Change[];
  fields?: readonly string[];
  objects?: readonly ObjectNames[];
}

/**
 * The changes that a consumer has to know of: the breaking and risky ones of what
 * it reads, and of the whole dataset; all of them where it is not known in full what
 * it reads.
 *
 * @public
 */
export function changesConcerning(
  consumer: Consumer,
  options: ConcerningOptions,
): Change[] {
  return changesConcerningEach(options)(consumer);
}

/**
 * {@link changesConcerning} for many consumers: what is the same for all of them is
 * looked up once. All of whom not everything is known get the same array.
 *
 * @public
 */
export function changesConcerningEach(
  options: ConcerningOptions,
): (consumer: Consumer) => Change[] {
  const { changes, fields, objects = [] } = options;
  const grave = changes.filter(({ effect }) => effect !== 'compatible');
  const known = fields && knownFields(fields, changes);
  return consumer =>
    !isKnownInFull(consumer)
      ? grave
      : touching(withObjects(consumer, objects, known), grave, objects);
}

function knownFields(
  fields: readonly string[],
  changes: readonly Change[],
): Set<string> {
  return new Set([
    ...fields,
    ...changes.flatMap(change => (change.to === undefined ? [] : [change.to])),
  ]);
}

/** What fields and objects are called in the two versions. */
interface Names {
  known: Set<string> | undefined;
  objects: readonly ObjectNames[];
}

interface Context extends Names {
  breaking: Change[];
  toVersion: string;
  strict: boolean;
}

/**
 * Whoever is not ready as it is known is ready all the same where no run read for long
 * what changes, unless anything else than runs names it: its declaration, its SQL, or a
 * change of the whole dataset. A wrong declaration stays wrong, and in strict mode a
 * constraint that excludes the target breaks whatever is read.
 */
function withSilence(
  judgement: Judgement,
  consumer: Consumer,
  context: Context,
): Judgement {
  const { breaking, known, objects, toVersion, strict } = context;
  const { silence, constraint } = consumer;
  if (
    !silence ||
    judgement.verdict === 'ready' ||
    breaking.length === 0 ||
    breaking.some(({ from }) => from === undefined)
  ) {
    return judgement;
  }
  const reader = withObjects(withoutRuns(consumer), objects, known);
  const isWrong = consumer.problem ?? findProblem(reader, context);
  if (isWrong || touching(reader, breaking, objects).length > 0) {
    return judgement;
  }
  // A portal of an older release, still there in a rollout, keeps evidence alone.
  const observed = readsSince(consumer, silence.since);
  const { silent, sentence } = hearRuns(
    { ...silence, reads: [...silence.reads, ...observed] },
    breaking,
    field => isThere(field, context),
  );
  const excludes =
    constraint !== undefined && !semver.satisfies(toVersion, constraint);
  if (!silent || (excludes && strict)) {
    return { ...judgement, reasons: [...judgement.reasons, sentence] };
  }
  return {
    verdict: 'ready',
    reasons: [
      sentence,
      ...(excludes
        ? [
            `its constraint ${constraint} excludes ${toVersion} and wants raising`,
          ]
        : []),
    ],
    touchedBy: [],
  };
}

function judge(consumer: Consumer, context: Context): Judgement {
  if (isFollower(consumer)) {
    return {
      verdict: 'ready',
      reasons: ['accepts any version and reads no field'],
      touchedBy: [],
    };
  }
  const { breaking, objects, toVersion } = context;
  const problem = consumer.problem ?? findProblem(consumer, context);
  if (problem) {
    return {
      verdict: 'unknown',
      reasons: [problem],
      touchedBy: touching(consumer, breaking, objects),
    };
  }
  const { constraint } = consumer;
  const touchedBy = touching(consumer, breaking, objects);
  const touched = touchedBy.map(change => reasonFor(consumer, change));
  const fieldsKnown = isKnownInFull(consumer);
  const doubts = describeDoubts(consumer);
  if (constraint === undefined) {
    if (touched.length > 0) {
      return { verdict: 'breaks', reasons: touched, touchedBy };
    }
    return fieldsKnown
      ? { verdict: 'ready', reasons: [untouched(consumer)], touchedBy }
      : {
          verdict: 'unknown',
          reasons:
            doubts.length > 0
              ? doubts
              : ['declares neither a constraint nor the fields it reads'],
          touchedBy,
        };
  }
  if (semver.satisfies(toVersion, constraint)) {
    // Who accepts the version accepts its name and place, too.
    const contradicting = touchedBy.filter(change => change.from);
    return contradicting.length > 0
      ? {
          verdict: 'breaks',
          reasons: contradicting.map(
            change =>
              `accepts ${constraint} but ${reasonFor(consumer, change)}`,
          ),
          touchedBy: contradicting,
        }
      : {
          verdict: 'ready',
          reasons: [`its constraint ${constraint} accepts ${toVersion}`],
          touchedBy: contradicting,
        };
  }
  const excludes = `its constraint ${constraint} excludes ${toVersion}`;
  if (!fieldsKnown) {
    const found = touchedBy.filter(
      ({ from }) => from !== undefined && consumer.fields !== undefined,
    );
    return {
      verdict: 'breaks',
      reasons: [
        ...found.map(change => reasonFor(consumer, change)),
        `${excludes} and the fields it reads are not known${
          consumer.fields === undefined ? '' : ' in full'
        }`,
        ...doubts,
      ],
      touchedBy,
    };
  }
  if (touched.length > 0) {
    return { verdict: 'breaks', reasons: [...touched, excludes], touchedBy };
  }
  return context.strict
    ? { verdict: 'breaks', reasons: [excludes], touchedBy }
    : {
        verdict: 'ready',
        reasons: [untouched(consumer), `${excludes} and wants raising`],
        touchedBy,
      };
}

function findProblem(consumer: Consumer, names: Names): string | undefined {
  if (
    consumer.constraint !== undefined &&
    semver.validRange(consumer.constraint) === null
  ) {
    return `its constraint ${JSON.stringify(
      consumer.constraint,
    )} is not a semantic version range`;
  }
  // Only a declaration can be wrong: what SQL or a run names is there, if not in
  // these two versions.
  const strange = (consumer.fields ?? []).filter(
    field => !isThere(field, names) && !isFound(consumer, field),
  );
  return strange.length > 0
    ? `says it reads ${list(strange)}, which the dataset does not have`
    : undefined;
}

/** Whether one of the two versions has it; all are there where fields are not known. */
function isThere(field: string, { known, objects }: Names): boolean {
  return !known || isKnown(field, known) || isObject(field, objects);
}

/** `address.street` is known where `address` is: nested fields are not listed. */
function isKnown(field: string, known: Set<string>): boolean {
  for (let end = field.length; end > 0; end = field.lastIndexOf('.', end - 1)) {
    if (known.has(field.slice(0, end))) {
      return true;
    }
  }
  return false;
}

/** The consumer with the fields it reads named like those of changes. */
function withObjects(
  consumer: Consumer,
  objects: readonly ObjectNames[],
  known: Set<string> = new Set(),
): Consumer {
  if (!consumer.fields || objects.length === 0) {
    return consumer;
  }
  const named = consumer.fields.flatMap(field => {
    const fields = objects.flatMap(
      ({ from, to }) =>
        [`${from}.${field}`, `${to}.${field}`].find(name =>
          isKnown(name, known),
        ) ?? [],
    );
    const isFull = isObject(field, objects) || isKnown(field, known);
    return isFull || fields.length === 0 ? [field, ...fields] : fields;
  });
  return { ...consumer, fields: [...new Set(named)] };
}

function isObject(name: string, objects: readonly ObjectNames[]): boolean {
  return objects.some(({ from, to }) => name === from || name === to);
}

/** The changes of fields that it reads, and of whole objects; none for who only follows. */
function touching(
  consumer: Consumer,
  changes: readonly Change[],
  objects: readonly ObjectNames[],
): Change[] {
  if (isFollower(consumer)) {
    return [];
  }
  return changes.filter(change =>
    change.from
      ? readBy(consumer, change) !== undefined
      : readsObject(consumer, change, objects),
  );
}

/** Whoever does not say what it reads may read anything. */
function readsObject(
  { fields }: Consumer,
  { kind, object }: Change,
  objects: readonly ObjectNames[],
): boolean {
  if (object === undefined || fields === undefined) {
    return true;
  }
  const renamed = objects.find(({ from }) => from === object)?.to ?? object;
  // Who uses the new name has followed.
  const names = kind === 'object-renamed' ? [object] : [object, renamed];
  return fields.some(field =>
    names.some(name => field === name || field.startsWith(`${name}.`)),
  );
}

/** SQL and runs name columns: what only the contract calls otherwise, they read as before. */
function readBy(
  consumer: Consumer,
  { from, rule }: Change,
): string | undefined {
  return consumer.fields?.find(
    field =>
      from !== undefined &&
      overlap(field, from) &&
      (rule !== 'logical-name-changed' || isDeclared(consumer, field)),
  );
}

function reasonFor(consumer: Consumer, change: Change): string {
  if (!change.from) {
    return change.summary;
  }
  const read = readBy(consumer, change);
  const evidence = read === undefined ? '' : describeEvidence(consumer, read);
  const known = evidence === '' ? '' : ` (${evidence})`;
  return read === change.from
    ? `reads \`${read}\`${known}, ${change.summary}`
    : `reads \`${read}\`${known}, where \`${change.from}\` is ${change.summary}`;
}

/** Why it may read more than is known; nothing when it cannot, or nothing is. */
function describeDoubts(consumer: Consumer): string[] {
  const { fields, evidence = [], unread = [] } = consumer;
  if (isKnownInFull(consumer)) {
    return [];
  }
  const shared = [
    ...new Set(evidence.filter(isShared).map(({ field }) => field)),
  ];
  const doubts = [
    ...describeUnread(unread),
    ...(shared.length > 0
      ? [
          `which of the consumers that share its source reads ${list(
            shared,
          )} (${describeEvidence(consumer, shared[0])}) is not known`,
        ]
      : []),
  ];
  return doubts.length === 0 && fields !== undefined
    ? [
        `was found to read only ${list(fields)} (${summarizeEvidence(
          consumer,
        )}), but nothing says that this is all`,
      ]
    : doubts;
}

function describeUnread(unread: UnreadSource[]): string[] {
  const [first, ...others] = unread;
  if (!first) {
    return [];
  }
  const { file, line, reason } = first;
  const place = [file, line].filter(part => part !== undefined).join(':');
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return [
    `what it reads is not known in full: ${
      place === '' ? '' : `${place} `
    }${reason}${more}`,
  ];
}

function untouched(consumer: Consumer): string {
  const sources = [
    summarizeEvidence(consumer),
    consumer.complete === 'stated'
      ? 'its annotation says that this is all'
      : '',
  ].filter(source => source !== '');
  const known = sources.length > 0 ? ` (${sources.join('; ')})` : '';
  return consumer.fields!.length > 0
    ? `reads only ${list(
        consumer.fields!,
      )}${known}, which no breaking change touches`
    : `reads no field${known}`;
}

/** Who reads it is to know who holds it to be bearable. */
function withAcceptance(sentence: string, change: Change): string {
  const acceptance = describeAcceptance(change);
  return acceptance ? `${sentence} (${acceptance})` : sentence;
}

/** What changes say, as far as people read on. */
function listSummaries(changes: Change[]): string {
  const more = changes.length - 3;
  return [
    ...changes
      .slice(0, 3)
      .map(change =>
        withAcceptance(`\`${change.from}\` ${change.summary}`, change),
      ),
    ...(more > 0 ? [`${more} more`] : []),
  ].join('; ');
}
