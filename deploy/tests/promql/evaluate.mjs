import {
  AGGREGATIONS,
  ARITHMETIC,
  COMPARISONS,
  increase,
} from './functions.mjs';
import { childOf, nodesOf, seconds } from './parse.mjs';
import { matchersOf, samplesIn, select, valueAt } from './series.mjs';

/** @typedef {{ labels: Record<string, string>, value: number }} Sample */

const unsupported = ({ name, text }) =>
  new Error(`the evaluator of the tests does not know ${name}: ${text}`);

const nameless = ({ __name__, ...labels }) => labels;
const keyOf = labels => JSON.stringify(Object.entries(labels).sort());

function aggregate(node, context) {
  const [op] = node.children;
  const combine = AGGREGATIONS[op.text];
  const modifier = childOf(node, 'AggregateModifier');
  if (!combine || (modifier && !childOf(modifier, 'By'))) {
    throw unsupported(node);
  }
  const by = modifier
    ? nodesOf(modifier, 'LabelName').map(({ text }) => text)
    : [];
  const [argument] = childOf(node, 'FunctionCallBody').children;
  const groupOf = ({ labels }) =>
    Object.fromEntries(
      by.filter(label => label in labels).map(label => [label, labels[label]]),
    );
  const groups = Map.groupBy(evaluate(argument, context), sample =>
    keyOf(groupOf(sample)),
  );
  return [...groups.values()].map(samples => ({
    labels: groupOf(samples[0]),
    value: combine(samples.map(({ value }) => value)),
  }));
}

/** Functions by name: from their arguments, not yet evaluated. */
const FUNCTIONS = {
  vector: ([argument], context) => [
    { labels: {}, value: evaluate(argument, context) },
  ],
  absent: ([argument], context) => {
    if (evaluate(argument, context).length) return [];
    const equal = matchersOf(argument).filter(
      ({ label, op }) => op === '=' && label !== '__name__',
    );
    const labels = Object.fromEntries(
      equal.map(({ label, value }) => [label, value]),
    );
    return [{ labels, value: 1 }];
  },
  increase: ([matrix], { series, at }) => {
    if (matrix.name !== 'MatrixSelector') throw unsupported(matrix);
    const range = seconds(childOf(matrix, 'DurationExpr').text);
    return select(series, childOf(matrix, 'VectorSelector'))
      .map(one => ({
        labels: nameless(one.labels),
        value: increase(samplesIn(one, at, range), at, range),
      }))
      .filter(({ value }) => value !== undefined);
  },
};

function call(node, context) {
  const run = FUNCTIONS[childOf(node, 'FunctionIdentifier').text];
  if (!run) throw unsupported(node);
  return run(childOf(node, 'FunctionCallBody').children, context);
}

function binary(node, context) {
  if (node.children.length !== 3) throw unsupported(node);
  const [leftNode, { text: op }, rightNode] = node.children;
  const left = evaluate(leftNode, context);
  const right = evaluate(rightNode, context);
  if (op === 'and' || op === 'or') return combineSets(op, left, right);
  const pairs = pairUp(left, right);
  if (ARITHMETIC[op]) {
    return pairs.map(({ labels, a, b }) => ({
      labels: nameless(labels),
      value: ARITHMETIC[op](a, b),
    }));
  }
  if (!COMPARISONS[op]) throw unsupported(node);
  return pairs
    .filter(({ a, b }) => COMPARISONS[op](a, b))
    .map(({ labels, a }) => ({ labels, value: a }));
}

function combineSets(op, left, right) {
  const keysOf = samples =>
    new Set(samples.map(({ labels }) => keyOf(nameless(labels))));
  const isIn = keys => sample => keys.has(keyOf(nameless(sample.labels)));
  if (op === 'and') return left.filter(isIn(keysOf(right)));
  const taken = isIn(keysOf(left));
  return [...left, ...right.filter(sample => !taken(sample))];
}

/** A vector with a scalar, or two vectors by all their labels. */
function pairUp(left, right) {
  if (!Array.isArray(left)) {
    throw new Error('the evaluator of the tests wants a vector on the left');
  }
  if (!Array.isArray(right)) {
    return left.map(({ labels, value }) => ({ labels, a: value, b: right }));
  }
  const others = new Map(
    right.map(({ labels, value }) => [keyOf(nameless(labels)), value]),
  );
  return left
    .filter(({ labels }) => others.has(keyOf(nameless(labels))))
    .map(({ labels, value }) => ({
      labels,
      a: value,
      b: others.get(keyOf(nameless(labels))),
    }));
}

const KINDS = {
  NumberDurationLiteral: ({ text }) => Number(text),
  ParenExpr: ({ children: [inner] }, context) => evaluate(inner, context),
  VectorSelector: (node, { series, at }) =>
    select(series, node)
      .map(one => ({ labels: one.labels, value: valueAt(one, at) }))
      .filter(({ value }) => value !== undefined),
  OffsetExpr: (node, { series, at }) => {
    const [inner] = node.children;
    // Prometheus binds it tighter than this grammar does.
    if (inner.name !== 'VectorSelector') throw unsupported(node);
    const offset = seconds(childOf(node, 'OffsetDurationExpr').text);
    return evaluate(inner, { series, at: at - offset });
  },
  AggregateExpr: aggregate,
  FunctionCall: call,
  BinaryExpr: binary,
};

/**
 * Evaluates as much of PromQL as our rules use, at one moment; whatever else
 * is refused, so that no rule passes for not being understood.
 *
 * @param {import('./parse.mjs').Node} node
 * @param {{ series: import('./series.mjs').Series[], at: number }} context -
 *   The moment is in seconds.
 * @returns {number | Sample[]} a scalar or an instant vector
 */
export function evaluate(node, context) {
  const kind = KINDS[node.name];
  if (!kind) throw unsupported(node);
  return kind(node, context);
}
